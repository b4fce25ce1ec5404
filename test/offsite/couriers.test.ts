import { describeCouriers } from "./couriers";

describeCouriers("versioned");
