/** The S3 server of the lab, as declarations name it: each lab has a port of its own, and they are the same in all. */
export const S3_ENDPOINT = "lab://s3";
