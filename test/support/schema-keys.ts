/**
 * Which keys of an object its schema does not know. The validators that kubernetes-models brings are compiled schemas, and
 * they pass over a key that is no property: so the validator gets an object that notes what it is asked for. What the
 * validator never looked at in an object that it did look into, the schema does not know.
 */

interface Validatable {
  validate(): void;
}

/** Paths such as `spec.containers[0].imge`, in the order of the object. */
export function unknownKeys(model: Validatable): string[] {
  const asked = new Map<object, Set<PropertyKey>>();
  const watched = new Map<object, object>();

  const watch = <T extends object>(target: T): T => {
    const known = watched.get(target);
    if (known) return known as T;
    const note = (key: PropertyKey) => {
      const keys = asked.get(target) ?? new Set();
      asked.set(target, keys.add(key));
    };
    const proxy = new Proxy(target, {
      get(_, key) {
        note(key);
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'object' && value !== null ? watch(value) : value;
      },
      // A map, whose keys are the user's: the schema asks for all there are.
      ownKeys() {
        for (const key of Reflect.ownKeys(target)) note(key);
        return Reflect.ownKeys(target);
      },
    });
    watched.set(target, proxy);
    return proxy;
  };

  try {
    watch(model).validate();
  } catch {
    // What is wrong otherwise is for the validation itself to tell.
  }
  const found: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`);
    } else if (typeof value === 'object' && value !== null) {
      const known = asked.get(value);
      // Never looked into: the schema takes any object here.
      if (!known) return;
      for (const [key, child] of Object.entries(value)) {
        const childPath = path === '' ? key : `${path}.${key}`;
        if (known.has(key)) walk(child, childPath);
        else found.push(childPath);
      }
    }
  };
  walk(model, '');
  return found;
}
