import { describeCompany } from "./company";

describeCompany(12);
