import { describeCompany } from "./company";

describeCompany(20);
