import { describeLeastPrivilege } from "./policies";

describeLeastPrivilege();
