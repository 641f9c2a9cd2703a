/** Names what a file is when it is no model that can be read here, and says what to do with it. */
import type { AppError } from "../errors.ts";
import { fileError } from "./file-error.ts";

interface Foreign {
  /** "a PyTorch archive": for "looks like …". */
  readonly what: string;
  readonly todo: string;
}

/** Recognised by what the first bytes are; the first that matches wins. */
interface Signature extends Foreign {
  readonly magic: string | RegExp;
  /** Where the magic begins; 0 unless given. */
  readonly at?: number;
}

const TORCH_TO_SAFETENSORS =
  "Convert it: python -c \"import torch, safetensors.torch as s; s.save_file(torch.load('model.pt', weights_only=True), 'model.safetensors')\".";
const EXPORT = "Save the model's weights as safetensors, or export it to ONNX.";
const GET_MODEL = "Choose the model's .safetensors or .onnx file.";

const signatures: readonly Signature[] = [
  {
    magic: /^version https:\/\/git-lfs/,
    what: "a Git LFS pointer, a note of where the real file is",
    todo: "Download the file itself: git lfs pull.",
  },
  {
    magic: /^\s*<(!doctype html|html)/i,
    what: "a web page",
    todo: "The download went wrong: fetch the file itself, not the page about it.",
  },
  { magic: "GGUF", what: "a GGUF file", todo: `GGUF is made for other runtimes. ${EXPORT}` },
  { magic: "\x89HDF\r\n\x1a\n", what: "an HDF5 file (Keras)", todo: EXPORT },
  { magic: "TFL3", at: 4, what: "a TensorFlow Lite file", todo: EXPORT },
  { magic: "\x93NUMPY", what: "a NumPy array", todo: EXPORT },
  { magic: "\x1f\x8b", what: "a gzip archive", todo: "Unpack it first." },
  { magic: "7z\xbc\xaf\x27\x1c", what: "a 7-Zip archive", todo: "Unpack it first." },
  { magic: /^\x89PNG|^\xff\xd8\xff|^GIF8|^RIFF.{4}WEBP|^BM/s, what: "an image", todo: GET_MODEL },
  { magic: "%PDF", what: "a PDF document", todo: GET_MODEL },
  { magic: /^\s*[{[]/, what: "JSON", todo: GET_MODEL },
];

const ZIP = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"];
/** Protocol 2 and later begin with these bytes; PyTorch before 1.6 wrote its files so. */
const PICKLE = ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"];
const TORCH_NAME = /\.(pt|pth|bin|ckpt)$/i;

/**
 * The refusal of a file that no reader claims. Nothing of it is executed: pickles stay closed.
 *
 * @param head the first bytes, at least 64 where the file has them
 */
export function unknownFormat(head: Uint8Array, file: string): AppError {
  const { what, todo } = recognise(head, file);
  return fileError(
    "file/unknown-format",
    file,
    `is no model that can be read here: it looks like ${what}. ${todo}`,
    {
      looksLike: what,
      todo,
    },
  );
}

/** Whether the first bytes are those of a known other format, whatever the name says. */
export function isForeign(head: Uint8Array): boolean {
  const text = latin1(head);
  return (
    [...ZIP, ...PICKLE].some((magic) => text.startsWith(magic)) ||
    signatures.some((signature) => matches(text, signature))
  );
}

function recognise(head: Uint8Array, file: string): Foreign {
  const text = latin1(head);
  if (head.byteLength === 0) return { what: "an empty file", todo: "Download or copy it again." };
  if (PICKLE.some((magic) => text.startsWith(magic)))
    return { what: "a pickled PyTorch file, which can run code when opened", todo: TORCH_TO_SAFETENSORS };
  if (ZIP.some((magic) => text.startsWith(magic))) {
    return TORCH_NAME.test(file)
      ? { what: "a PyTorch archive; state dicts come later", todo: TORCH_TO_SAFETENSORS }
      : { what: "a zip archive", todo: `Unpack it first. If it is a PyTorch file: ${TORCH_TO_SAFETENSORS}` };
  }
  const known = signatures.find((signature) => matches(text, signature));
  if (known) return known;
  if (isText(head)) return { what: "a text file", todo: GET_MODEL };
  return { what: "binary data of an unknown kind", todo: GET_MODEL };
}

function matches(text: string, { magic, at = 0 }: Signature): boolean {
  return typeof magic === "string" ? text.startsWith(magic, at) : magic.test(text);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

/** No control characters but tab and line ends, among the bytes seen. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
