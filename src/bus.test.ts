import { describe, expect, it } from 'vitest';
import type { MetricEvent } from './bus.ts';
import { MetricBus } from './bus.ts';

const event = (value: number): MetricEvent => ({
  model: { name: 'fraud', version: '1' },
  metric: 'accuracy',
  value,
});

describe('publishing', () => {
  it('settles when nobody listens', async () => {
    await expect(new MetricBus().publish(event(1))).resolves.toBeUndefined();
  });

  it('goes through the detector first, and observers are told what it announces', async () => {
    const bus = new MetricBus();
    const order: string[] = [];
    bus.attach(async (events) => {
      order.push('stored');
      for (const one of events) bus.announce({ type: 'event', event: one });
    });
    bus.observe({ onEvent: ({ value }) => order.push(`told ${value}`) });
    await bus.publish([event(1), event(2)]);
    expect(order).toEqual(['stored', 'told 1', 'told 2']);
  });

  it('rejects with what the detector rejects with, and nobody is told', async () => {
    const bus = new MetricBus();
    const told: MetricEvent[] = [];
    bus.attach(() => Promise.reject(new Error('disk full')));
    bus.observe({ onEvent: (one) => told.push(one) });
    await expect(bus.publish(event(1))).rejects.toThrow('disk full');
    expect(told).toEqual([]);
  });

  it('goes on when an observer throws', async () => {
    const errors: unknown[] = [];
    const bus = new MetricBus((error) => errors.push(error));
    const told: number[] = [];
    bus.observe({
      onEvent: () => {
        throw new Error('broken');
      },
    });
    bus.observe({ onEvent: ({ value }) => told.push(value) });
    await bus.publish(event(7));
    expect(told).toEqual([7]);
    expect(errors).toHaveLength(1);
  });
});

it('an observer that was disposed is not told', async () => {
  const bus = new MetricBus();
  const told: number[] = [];
  const observing = bus.observe({ onEvent: ({ value }) => told.push(value) });
  await bus.publish(event(1));
  expect(bus.wantsEvents).toBe(true);
  observing[Symbol.dispose]();
  await bus.publish(event(2));
  expect(told).toEqual([1]);
  expect(bus.wantsEvents).toBe(false);
});

describe('a subscriber', () => {
  it('that is slow loses the oldest messages, and is told how many', async () => {
    const bus = new MetricBus();
    using subscription = bus.subscribe({ capacity: 2 });
    const reader = subscription[Symbol.asyncIterator]();
    await bus.publish([1, 2, 3, 4, 5].map(event));
    const read = async () => {
      const { value } = await reader.next();
      return [value.message.event.value, value.missed];
    };
    expect(await read()).toEqual([4, 3]);
    expect(await read()).toEqual([5, 0]);
  });

  it('waits for what comes', async () => {
    const bus = new MetricBus();
    using subscription = bus.subscribe();
    const next = subscription[Symbol.asyncIterator]().next();
    await bus.publish(event(1));
    expect((await next).value).toMatchObject({ message: { event: { value: 1 } }, missed: 0 });
  });

  it('ends when it is disposed', async () => {
    const bus = new MetricBus();
    const subscription = bus.subscribe();
    const next = subscription[Symbol.asyncIterator]().next();
    subscription[Symbol.dispose]();
    expect((await next).done).toBe(true);
    expect(bus.wantsEvents).toBe(false);
  });
});
