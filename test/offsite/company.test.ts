import { describeCompany } from "./company";

describeCompany(1);
