// Draws every vector again with perturb.js, and with the browser's own generator; prints what came out as JSON.

import { readFileSync } from "node:fs";
import { perturb, SecretSource } from "../../../privacy/ldp/perturb.js";

const [vectors, number] = [JSON.parse(readFileSync(process.argv[2], "utf8")), Number(process.argv[3])];

function recorded(hex) {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
  let at = 0;
  return (size) => {
    const part = bytes.subarray(at, (at += size));
    if (part.length < size) throw new Error("More bytes were drawn than Python drew.");
    return part;
  };
}

const same = vectors.map(({ rule, reports }) =>
  reports.map(({ value, bytes }) => perturb(rule, value, new SecretSource(recorded(bytes)))),
);
const counts = vectors.map(({ rule }) => {
  const held = new Array(rule.domain).fill(0);
  for (let time = 0; time < number; time += 1) for (const cell of perturb(rule, rule.domain - 1)) held[cell] += 1;
  return held;
});
const refused = [-1, 2, 0.5, "1", true, null, NaN].map((value) => {
  try {
    perturb(vectors[0].rule, value);
    return "";
  } catch (error) {
    return error.name;
  }
});
console.log(JSON.stringify({ same, counts, refused }));
