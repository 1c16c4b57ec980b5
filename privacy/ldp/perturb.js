// Changes an answer by chance in the browser, so that the true one is never sent: the samplers of privacy/ldp/subset.py
// and privacy/ldp/ordinal.py, draw for draw. Every number is whole (BigInt) and every byte is the system's; there is no
// float. What `Mechanism.for_browsers()` gives is what `perturb` takes; privacy/ldp/vectors.json holds both to the same
// reports for the same bytes.

const BLOCK_BYTES = 64;
const LISTED_SETS = 4096;

/** Bytes of the browser's secure generator. */
export function secretBytes(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** Draws whole numbers from `fill`, in blocks; make one for each report and let it go. */
export class SecretSource {
  #fill;
  #block = new Uint8Array(0);
  #at = 0;

  constructor(fill = secretBytes) {
    this.#fill = fill;
  }

  /** A BigInt from 0 to bound - 1: drawn again, not bent, when it falls into the uneven rest. */
  below(bound) {
    if (bound < 1n) throw new RangeError("There is nothing to draw from.");
    const width = Math.trunc((bound.toString(2).length + 7) / 8) + 1;
    const span = 1n << BigInt(8 * width);
    for (;;) {
      const drawn = this.#number(width);
      if (drawn < span - (span % bound)) return drawn % bound;
    }
  }

  /** True with probability part / whole. */
  chance(part, whole) {
    return this.below(whole) < part;
  }

  /** An index, as likely as its share of the last of the `cumulative` weights. */
  weighted(cumulative) {
    const drawn = this.below(cumulative.at(-1));
    return cumulative.findIndex((limit) => drawn < limit);
  }

  #number(width) {
    if (this.#at + width > this.#block.length) {
      this.#block = this.#fill(Math.max(width, BLOCK_BYTES));
      this.#at = 0;
    }
    let number = 0n;
    for (const byte of this.#block.subarray(this.#at, this.#at + width)) number = (number << 8n) | BigInt(byte);
    this.#at += width;
    return number;
  }
}

/**
 * A report on `value`, a whole number from 0 to rule.domain - 1: a list of cells, in order.
 * Throws a RangeError for any other value, and for a kind of rule that is not known.
 */
export function perturb(rule, value, source = new SecretSource()) {
  if (!Number.isInteger(value) || value < 0 || value >= rule.domain) {
    throw new RangeError(`The value must be a whole number from 0 to ${rule.domain - 1}.`);
  }
  if (rule.kind === "ordinal") return [source.weighted(rule.columns[value].map(BigInt))];
  if (rule.kind === "subset") return fromSubset(rule, value, source);
  throw new RangeError(`There is no rule of the kind ${rule.kind}.`);
}

function fromSubset({ domain, size, inside, whole }, value, source) {
  const kept = source.chance(BigInt(inside), BigInt(whole));
  if (kept && size === 1) return [value];
  const wanted = kept ? size - 1 : size;
  const isListed = choose(domain - 1, size) <= LISTED_SETS;
  const others = isListed ? listedSet(domain - 1, wanted, source) : drawnSet(domain - 1, wanted, source);
  const cells = others.map((other) => (other >= value ? other + 1 : other));
  if (kept) cells.push(value);
  // In order, so that the true value's place says nothing.
  return cells.sort((a, b) => a - b);
}

// `wanted` of the numbers below `number`: one of all such sets, which are numbered in order.
function listedSet(number, wanted, source) {
  let place = source.below(choose(number, wanted));
  const set = [];
  for (let next = 0; set.length < wanted; next += 1) {
    const startingHere = choose(number - next - 1, wanted - set.length - 1);
    if (place < startingHere) set.push(next);
    else place -= startingHere;
  }
  return set;
}

// The same, drawn one by one (Floyd's method).
function drawnSet(number, wanted, source) {
  const chosen = new Set();
  for (let last = number - wanted; last < number; last += 1) {
    const drawn = Number(source.below(BigInt(last + 1)));
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen];
}

// How many sets of `wanted` there are among `number`, as a BigInt.
function choose(number, wanted) {
  let sets = 1n;
  for (let place = 1n; place <= BigInt(wanted); place += 1n) {
    sets = (sets * (BigInt(number) - place + 1n)) / place;
  }
  return sets;
}
