import { HostError } from "../hosts/host";

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

/** What a host says when it will not: why, and what to do about it. Nothing was changed. */
export const refused = (host: string, message: string, advice: string): HostError =>
  new HostError("refused", host, message, advice);
