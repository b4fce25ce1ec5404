export { HostReference, Reach } from "../estate/documents";
