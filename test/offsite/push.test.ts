import { describePush } from "./push";

describePush("plain");
