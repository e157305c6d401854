/** What the page's own script asks for and hears, counted before it knows itself. It runs in the browser. */
globalThis.probe = { looks: 0, streams: 0, heard: [] };

const send = globalThis.fetch;
globalThis.fetch = (...request) => {
  probe.looks++;
  return send(...request);
};

globalThis.EventSource = class extends EventSource {
  constructor(url) {
    super(url);
    probe.streams++;
    for (const type of ['open', 'change', 'missed', 'error'])
      this.addEventListener(type, () => probe.heard.push(type));
  }
};

// By the clock that a test puts forward, which leaves this timer out.
AbortSignal.timeout = (delayMs) => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), delayMs);
  return controller.signal;
};
