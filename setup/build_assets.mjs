// Builds what browsers load into build/static: one stylesheet a room, and the chat's scripts as they are.
// Run as `npm run build`. Nothing is fetched: everything comes from the packages that `npm ci` has put here.

import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compile } from "sass";

const OUT = "build/static";
const STYLES = {
  "chat.css": "bot/channels/web/static/chat.scss",
  "staff.css": "clinic/web/static/staff.scss",
};
// The clinic serves its own scripts from its own folder.
const CHAT = "bot/channels/web/static";

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

for (const [name, source] of Object.entries(STYLES)) {
  if (!existsSync(source)) continue;
  const { css } = compile(source, { loadPaths: ["node_modules"], style: "compressed", charset: false });
  await writeFile(join(OUT, name), css);
}

for (const name of await readdir(CHAT)) {
  if (name.endsWith(".js")) await cp(join(CHAT, name), join(OUT, "chat", name));
}
