/** SHA-256 beside the main thread: hashing and reading the next tensor go on together. */
import { webcrypto } from "node:crypto";
import type { Digest } from "#core/model/content-id.ts";

export const digest: Digest = async (bytes) =>
  Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes)).toString("hex");
