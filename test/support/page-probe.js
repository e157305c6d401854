/** What tests ask of an open page. It runs in the browser, before the page's own script, which knows nothing of it. */
globalThis.probe = {
  /** Every layout shift that no person caused: how far, and what. */
  shifts: [],

  /** When the first content was painted, in ms from the start of the navigation. */
  painted: () =>
    new Promise((resolve) => {
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) {
          if (name === 'first-contentful-paint') resolve(startTime);
        }
      }).observe({ type: 'paint', buffered: true });
    }),

  /** What reaches beyond the right edge, where nothing around it scrolls by itself. */
  cutOff() {
    const scrolls = (element) =>
      element && (getComputedStyle(element).overflowX === 'auto' || scrolls(element.parentElement));
    const hidden = (element) => element.matches('.hidden, .skip');
    const beyond = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > innerWidth + 0.5 || left < -0.5) && !hidden(element) && !scrolls(element);
    });
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    return [...wide, ...beyond.map((element) => element.outerHTML.slice(0, 120))];
  },

  /** Controls that a finger would miss: lower than 24 px, and not a link inside a sentence. */
  smallTargets() {
    const targets = document.querySelectorAll('header a, button, input, summary, #models tbody tr');
    return [...targets]
      .filter((element) => element.getBoundingClientRect().height < 24)
      .map((element) => element.outerHTML.slice(0, 120));
  },

  /** What no template of ours writes, so that it can only have come from a name. */
  intruders() {
    const foreign = [...document.querySelectorAll('*')].filter(
      (element) =>
        [...element.attributes].some(({ name }) => name.startsWith('on') || name === 'style') ||
        element.matches('img, iframe, object, embed, base, style, script:not([data-root])') ||
        (element instanceof HTMLAnchorElement && element.origin !== location.origin),
    );
    return foreign.map((element) => element.outerHTML.slice(0, 200));
  },

  /** What moves, or would. */
  moving() {
    const moves = [...document.querySelectorAll('*')].filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== 'none' || transitionDuration !== '0s';
    });
    return [...document.getAnimations(), ...moves].length;
  },

  hide(hidden) {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  },

  /** The names of each row or heading, whole: a long one is shown without its middle. */
  wholeNames: (selector) =>
    [...document.querySelectorAll(selector)].map((element) =>
      [...element.querySelectorAll('bdi')].map((name) => name.title || name.textContent),
    ),

  rowNames: () => [...document.querySelectorAll('#models tbody th')].map((cell) => cell.textContent),

  focused() {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      text: (element.id === 'filter' ? 'Filter' : element.textContent).trim().slice(0, 40),
      id: element.id,
      hasOutline: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      isInView: element.getBoundingClientRect().top >= 0,
    };
  },
};

new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (!hadRecentInput) probe.shifts.push(`${value} ${sources.map(({ node }) => node?.nodeName)}`);
  }
}).observe({ type: 'layout-shift', buffered: true });

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  globalThis.noteViolation(`${violatedDirective} ${blockedURI}`);
});
