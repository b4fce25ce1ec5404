import { OffsiteError } from "../error";
import { credentialsFolder } from "./credentials";

/** What an answer of a store means for what is done next. */
export type FailureKind =
  /** There is no such object, version or upload. */
  | "missing"
  /** A conditional write found that the object is there already. */
  | "exists"
  /** Somebody else is writing the same key at this moment. */
  | "race"
  /** It may go well the next time: overload, a lost connection. */
  | "passing"
  /** Bytes or the time were wrong when they arrived. Worth a few tries more, not as many as patience lasts. */
  | "doubtful"
  | "denied"
  | "unsupported"
  | "cancelled"
  | "final";

interface SdkError {
  name?: string;
  Code?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
  cause?: unknown;
}

const MISSING = new Set(["NoSuchKey", "NotFound", "NoSuchVersion", "NoSuchUpload"]);
const DOUBTFUL = new Set([
  ...["BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"],
  // The client has learnt by how much its clock differs.
  "RequestTimeTooSkewed",
]);
const PASSING = new Set([
  ...["IncompleteBody", "RequestTimeout", "SlowDown", "Throttling", "ThrottlingException"],
  ...["RequestLimitExceeded", "TooManyRequestsException"],
  ...["ServiceUnavailable", "InternalError", "OperationAborted", "TimeoutError", "EndpointTimeout"],
]);
/** Somebody else has written the same key, or another part of this number. */
const RACE = new Set(["ConditionalRequestConflict", "InvalidPart"]);
const CONNECTION = new Set([
  ...["ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENETDOWN", "ERR_STREAM_PREMATURE_CLOSE", "UND_ERR_SOCKET", "HPE_INVALID_CONSTANT", "ENOTFOUND"],
]);
/** Stores give these several statuses, 400 and 404 among them. */
const DENIED = new Set([
  ...["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"],
  ...["TokenRefreshRequired", "AccountProblem", "AllAccessDisabled", "XAdminUserNotFound"],
]);
const UNSUPPORTED = new Set(["NotImplemented", "MethodNotAllowed", "UnsupportedOperation"]);

/** Bytes came back otherwise than they are; or fewer; or none for a while. */
export class PassingError extends Error {
  override readonly name = "PassingError";
}

export function failureOf(error: unknown): FailureKind {
  if (error instanceof PassingError) return "passing";
  const { name = "", Code, code = "", message = "", $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  const names = [name, Code ?? ""];
  if (name === "AbortError") return "cancelled";
  if (names.includes("NoSuchBucket") || names.includes("InvalidObjectState")) return "final";
  if (names.some((one) => DOUBTFUL.has(one))) return "doubtful";
  if (names.some((one) => DENIED.has(one))) return "denied";
  if (names.some((one) => MISSING.has(one))) return "missing";
  if (status === 412 || names.includes("PreconditionFailed")) return "exists";
  if (names.some((one) => RACE.has(one))) return "race";
  if (names.some((one) => UNSUPPORTED.has(one)) || status === 501) return "unsupported";
  if (names.some((one) => PASSING.has(one)) || CONNECTION.has(code)) return "passing";
  if (/socket hang up|aborted|Parse Error|premature/i.test(message) && status === undefined) return "passing";
  if (status === 404) return "missing";
  if (status === 409) return "race";
  if (status === 401 || status === 403) return "denied";
  if (status === 429 || status === 408 || (status !== undefined && status >= 500)) return "passing";
  // An answer that is no XML comes from something between here and the store.
  if (names.includes("UnknownError") || /Deserialization|Unable to parse|char '/.test(message)) return "passing";
  return "final";
}

/** A sentence for a person. `what` is what was to be done: "reading series/x/…". */
export function toOffsiteError(error: unknown, what: string, where: string): OffsiteError {
  if (error instanceof OffsiteError) return error;
  const said = wordsOf(error as SdkError);
  const failed = `${capital(what)} failed at ${where}: ${said}.`;
  const name = (error as SdkError).name ?? "";
  if (name === "NoSuchBucket") {
    return new OffsiteError("not-found", failed, "Create the bucket, or correct its name and region.", error);
  }
  if (name === "RequestTimeTooSkewed") {
    return new OffsiteError("access-denied", failed, "Set the clock of this computer.", error);
  }
  if (name === "CredentialsProviderError") {
    const advice = `Put them into a file in ${credentialsFolder()} that only this account may read, or into a profile of the AWS tools.`;
    return new OffsiteError("access-denied", failed, advice, error);
  }
  if (name === "InvalidObjectState") {
    return new OffsiteError(
      "refused",
      failed,
      "Restore the object from the archive of its storage class first.",
      error,
    );
  }
  if (/Object ?Lock/i.test(said) && failureOf(error) === "final") {
    return new OffsiteError("lacks", failed, "Declare no lock, or use a bucket that was made with Object Lock.", error);
  }
  switch (failureOf(error)) {
    case "cancelled":
      return cancelled(what);
    case "denied":
      return new OffsiteError("access-denied", failed, "Check the credentials and the policy of the bucket.", error);
    case "missing":
      return new OffsiteError("not-found", failed, undefined, error);
    case "unsupported":
      return new OffsiteError("lacks", failed, "Run offsite probe and record what this store can do.", error);
    case "doubtful":
      return new OffsiteError(
        "damaged",
        failed,
        "Something on the way changes bytes: check the network, its proxies and this computer's memory.",
        error,
      );
    case "passing":
    case "race":
      return new OffsiteError("unreachable", failed, "Check the network and the store, then run it again.", error);
    case "exists":
    case "final":
      return new OffsiteError("refused", failed, undefined, error);
  }
}

export const cancelled = (what: string): OffsiteError =>
  new OffsiteError("cancelled", `${capital(what)} was cancelled.`);

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** The store's own words and code; never a header, which could be a signature. */
function wordsOf({ name = "", message = "", code, $metadata }: SdkError): string {
  const words = message === "UnknownError" || message === "" ? name : message.replace(/[.\s]+$/, "");
  const marks = [code ?? (words === name ? "" : name), String($metadata?.httpStatusCode ?? "")].filter(
    (mark) => mark !== "" && mark !== "Error",
  );
  return marks.length === 0 ? words : `${words} (${marks.join(", ")})`;
}
