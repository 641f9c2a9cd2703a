import { expose, wrap } from "comlink";
import { describe, expect, test } from "vitest";
import { AppError } from "#core/errors.ts";
import { Superseded } from "#core/eval/image.ts";
import { installErrorHandler, plainError, revivedError } from "./errors.ts";

const roundTrip = (thrown: unknown) => revivedError(structuredClone(plainError(thrown)));

describe("an error that crosses", () => {
  test("keeps an AppError's code and details", () => {
    const error = roundTrip(new AppError("model/non-finite", "w has NaN", { tensor: "w", first: 7 }));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: "model/non-finite",
      message: "w has NaN",
      details: { tensor: "w", first: 7 },
    });
  });

  test("stays an abort, whoever aborted", () => {
    expect(roundTrip(new DOMException("stop", "AbortError"))).toMatchObject({ name: "AbortError" });
    expect(roundTrip(new Superseded())).toMatchObject({ name: "AbortError" });
  });

  test("keeps name and stack of a bug, and makes an error of anything else", () => {
    const bug = new TypeError("x is not a function");
    expect(roundTrip(bug)).toMatchObject({ name: "TypeError", message: bug.message, stack: bug.stack });
    expect(roundTrip("a string")).toMatchObject({ name: "Error", message: "a string" });
  });
});

test("comlink carries it", async () => {
  installErrorHandler();
  const { port1, port2 } = new MessageChannel();
  expose(
    {
      fail() {
        throw new AppError("eval/memory", "too large", { reason: "bad_alloc" });
      },
    },
    port1,
  );
  const api = wrap<{ fail(): void }>(port2);
  await expect(api.fail()).rejects.toMatchObject({ code: "eval/memory", details: { reason: "bad_alloc" } });
  port1.close();
});
