import { describe, expect, it } from "vitest";
import { smallNetwork } from "../testing/onnx-graph.ts";
import { bytesSource } from "./format.ts";
import { openModelFile } from "./index.ts";
import { encodeOnnx } from "./onnx.ts";
import { layoutSafetensors } from "./safetensors-write.ts";

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const open = (bytes: Uint8Array<ArrayBuffer>, name: string) => openModelFile(bytesSource(bytes), name);

describe("openModelFile", () => {
  it("believes the first bytes before the name", async () => {
    const { header } = layoutSafetensors([]);
    expect((await open(header, "wrong.onnx")).format).toBe("safetensors");
    expect((await open(encodeOnnx(smallNetwork()), "wrong.safetensors")).format).toBe("onnx");
    expect((await open(header, "no name at all")).format).toBe("safetensors");
  });

  it("believes the name where the bytes say nothing, so that the right reader says what is wrong", async () => {
    await expect(open(new Uint8Array(5), "a.safetensors")).rejects.toMatchObject({ code: "file/truncated" });
    await expect(open(ascii("\x12\x01x"), "a.onnx")).rejects.toMatchObject({ code: "file/malformed" });
  });

  it.each([
    ["model.pt", "PK\x03\x04rest", "PyTorch archive"],
    ["model.bin", "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "pickled PyTorch"],
    ["weights.zip", "PK\x03\x04rest", "zip archive"],
    ["model.gguf", "GGUF\x03\0\0\0", "GGUF"],
    ["model.h5", "\x89HDF\r\n\x1a\n", "HDF5"],
    ["model.tflite", "\x1c\0\0\0TFL3", "TensorFlow Lite"],
    ["cat.png", "\x89PNG\r\n\x1a\n", "an image"],
    ["model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:", "Git LFS pointer"],
    ["model.onnx", "<!DOCTYPE html><html>", "a web page"],
    ["config.json", '{"model_type": "vit"}', "JSON"],
    ["README.md", "# A model\n", "a text file"],
    ["model.dat", "\x00\x01\x02\x03", "unknown kind"],
    ["model.safetensors", "", "an empty file"],
  ])("says what %s looks like, and what to do", async (name, content, what) => {
    await expect(open(ascii(content), name)).rejects.toMatchObject({
      code: "file/unknown-format",
      message: expect.stringContaining(what),
      details: { file: name, looksLike: expect.stringContaining(what), todo: expect.stringMatching(/\.$/) },
    });
  });

  it("tells how to convert a PyTorch file without running anything of it", async () => {
    await expect(open(ascii("PK\x03\x04"), "digits.pth")).rejects.toThrow("weights_only=True");
  });
});
