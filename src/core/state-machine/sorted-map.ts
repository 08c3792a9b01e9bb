/**
 * A map as an immutable value: a balanced (AVL) tree whose nodes newer versions share. A change copies the path to one
 * key, about log₂ n small nodes, and leaves the old version unchanged, so a machine can be kept and compared like any
 * other state of the core. Keys come out in order, the same on every server, and reading a page costs only the items of
 * that page.
 */

interface Node<K, V> {
  readonly key: K;
  readonly value: V;
  readonly left: Node<K, V> | null;
  readonly right: Node<K, V> | null;
  readonly height: number;
}

/** A map whose keys ascend by `<`: numbers by size, strings by UTF-16 code unit, independent of the locale. */
export interface SortedMap<K extends string | number, V> {
  readonly root: Node<K, V> | null;
  readonly size: number;
}

/** A map without keys. */
export const EMPTY_MAP: SortedMap<never, never> = { root: null, size: 0 };

/** Returns the value of a key, or undefined. */
export function getItem<K extends string | number, V>(map: SortedMap<K, V>, key: K): V | undefined {
  let node = map.root;
  while (node !== null) {
    if (key === node.key) {
      return node.value;
    }
    node = key < node.key ? node.left : node.right;
  }
  return undefined;
}

/** Returns the map with `key` set to `value`. */
export function setItem<K extends string | number, V>(map: SortedMap<K, V>, key: K, value: V): SortedMap<K, V> {
  const isNew = getItem(map, key) === undefined;
  return { root: insert(map.root, key, value), size: map.size + (isNew ? 1 : 0) };
}

/** Returns the map without `key`, or the same map when it has no such key. */
export function removeItem<K extends string | number, V>(map: SortedMap<K, V>, key: K): SortedMap<K, V> {
  return getItem(map, key) === undefined ? map : { root: remove(map.root, key), size: map.size - 1 };
}

/**
 * Returns the first `limit` items after the key `after`, in key order. Costs O(log n + limit).
 *
 * @param after  need not be a key of the map; null begins with the first item
 */
export function itemsAfter<K extends string | number, V>(
  map: SortedMap<K, V>,
  after: K | null,
  limit: number,
): [K, V][] {
  const found: [K, V][] = [];
  /** Nodes with keys still to be returned; the last one is next. */
  const path: Node<K, V>[] = [];
  let node = map.root;
  while (found.length < limit) {
    while (node !== null) {
      if (after === null || node.key > after) {
        path.push(node);
        node = node.left;
      } else node = node.right;
    }
    const next = path.pop();
    if (next === undefined) break;
    found.push([next.key, next.value]);
    node = next.right;
  }
  return found;
}

function insert<K extends string | number, V>(node: Node<K, V> | null, key: K, value: V): Node<K, V> {
  if (node === null) {
    return { key, value, left: null, right: null, height: 1 };
  }
  if (key === node.key) {
    return { ...node, value };
  }
  return key < node.key
    ? balanced(node.key, node.value, insert(node.left, key, value), node.right)
    : balanced(node.key, node.value, node.left, insert(node.right, key, value));
}

function remove<K extends string | number, V>(node: Node<K, V> | null, key: K): Node<K, V> | null {
  if (node === null) {
    return null;
  }
  if (key < node.key) {
    return balanced(node.key, node.value, remove(node.left, key), node.right);
  }
  if (key > node.key) {
    return balanced(node.key, node.value, node.left, remove(node.right, key));
  }
  if (node.left === null || node.right === null) {
    return node.left ?? node.right;
  }
  // The next larger key replaces the removed one.
  const next = smallest(node.right);
  return balanced(next.key, next.value, node.left, remove(node.right, next.key));
}

function smallest<K extends string | number, V>(node: Node<K, V>): Node<K, V> {
  let lowest = node;
  while (lowest.left !== null) {
    lowest = lowest.left;
  }
  return lowest;
}

function heightOf<K, V>(node: Node<K, V> | null): number {
  return node === null ? 0 : node.height;
}

function join<K, V>(key: K, value: V, left: Node<K, V> | null, right: Node<K, V> | null): Node<K, V> {
  return { key, value, left, right, height: 1 + Math.max(heightOf(left), heightOf(right)) };
}

/** Joins two subtrees whose heights differ by at most 2, so that the heights in the result differ by at most 1. */
function balanced<K, V>(key: K, value: V, left: Node<K, V> | null, right: Node<K, V> | null): Node<K, V> {
  const lean = heightOf(left) - heightOf(right);
  if (left !== null && lean > 1) {
    if (left.right !== null && heightOf(left.right) > heightOf(left.left)) {
      const middle = left.right;
      return join(
        middle.key,
        middle.value,
        join(left.key, left.value, left.left, middle.left),
        join(key, value, middle.right, right),
      );
    }
    return join(left.key, left.value, left.left, join(key, value, left.right, right));
  }
  if (right !== null && lean < -1) {
    if (right.left !== null && heightOf(right.left) > heightOf(right.right)) {
      const middle = right.left;
      return join(
        middle.key,
        middle.value,
        join(key, value, left, middle.left),
        join(right.key, right.value, middle.right, right.right),
      );
    }
    return join(right.key, right.value, join(key, value, left, right.left), right.right);
  }
  return join(key, value, left, right);
}
