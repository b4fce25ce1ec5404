/** One sentence that says what is wrong and what to do about it; commands end with its exit code. */
export class LabError extends Error {
  override readonly name: string = "LabError";
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
