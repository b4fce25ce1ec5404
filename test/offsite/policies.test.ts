import { describeLeastPrivilege } from "./policies";

describeLeastPrivilege(1);
