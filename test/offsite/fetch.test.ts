import { describeFetch } from "./fetch";

describeFetch("plain");
