/** Fetches the files of a zoo: from our own origin only, gunzipped where they are packed. */
import { AppError } from "#core/errors.ts";

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Bytes received so far; the number expected is 0 where the server does not tell. */
  readonly onProgress?: (received: number, expected: number) => void;
}

/** Largest file that is read, packed or not: a zoo's are below 10 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Returns a file's bytes, unpacked. @throws AppError zoo/unavailable; AbortError */
export async function fetchBytes(url: URL, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, options.signal);
  const body = response.body ?? new Blob([]).stream();
  const expected = Number(response.headers.get("Content-Length") ?? 0);
  const bytes = await collect(body, url, (received) => options.onProgress?.(received, expected));
  return isGzip(bytes) ? gunzip(bytes, url) : bytes;
}

/** Returns a file's text. @throws AppError zoo/unavailable; AbortError */
export async function fetchText(url: URL, options: FetchOptions = {}): Promise<string> {
  return new TextDecoder().decode(await fetchBytes(url, options));
}

async function request(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  if (url.origin !== self.location.origin) throw unavailable(url, "it lies on another origin");
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw unavailable(url, error instanceof Error ? error.message : "the network failed");
  }
  if (!response.ok) throw unavailable(url, `the server answered ${response.status}`);
  // A host that serves its front page for whatever it does not have would pass as data.
  if (response.headers.get("Content-Type")?.startsWith("text/html")) {
    throw unavailable(url, "the server has a page there, not a file");
  }
  return response;
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  url: URL,
  onProgress: (received: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    for await (const part of stream) {
      parts.push(part);
      received += part.byteLength;
      if (received > MAX_BYTES) throw unavailable(url, `it is larger than ${MAX_BYTES} bytes`);
      onProgress(received);
    }
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && error.name === "AbortError")) throw error;
    throw unavailable(url, error instanceof Error ? error.message : "reading failed");
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** By content, not by name: a host may have unpacked it on the way (Content-Encoding). */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function gunzip(bytes: Uint8Array<ArrayBuffer>, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  return collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")), url, () => {});
}

function unavailable(url: URL, reason: string): AppError {
  return new AppError("zoo/unavailable", `${url.pathname} cannot be loaded: ${reason}.`, {
    file: url.pathname,
    reason,
  });
}
