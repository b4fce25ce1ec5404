import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { CourierSource } from "../../estate/documents";

/** How an object is kept in the store, beyond its bytes. */
export interface Keeping {
  lock: Lock | undefined;
  legalHold: boolean;
  storageClass: string | undefined;
  encryption: CourierSource["encryption"];
}

export interface Lock {
  mode: "GOVERNANCE" | "COMPLIANCE";
  until: Date;
}

type KeepingFields = Pick<
  PutObjectCommandInput,
  | "ObjectLockMode"
  | "ObjectLockRetainUntilDate"
  | "ObjectLockLegalHoldStatus"
  | "StorageClass"
  | "ServerSideEncryption"
  | "SSEKMSKeyId"
>;

export function keepingFields({ lock, legalHold, storageClass, encryption }: Partial<Keeping>): KeepingFields {
  return {
    ...(lock ? { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: lock.until } : {}),
    ...(legalHold === true ? { ObjectLockLegalHoldStatus: "ON" } : {}),
    ...(storageClass === undefined ? {} : { StorageClass: storageClass as KeepingFields["StorageClass"] & string }),
    ...(encryption?.by === "sse-s3" ? { ServerSideEncryption: "AES256" } : {}),
    ...(encryption?.by === "sse-kms" ? { ServerSideEncryption: "aws:kms", SSEKMSKeyId: encryption.key } : {}),
  };
}
