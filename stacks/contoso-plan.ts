import type { defineEstate } from "../estate/estate";

type Plan = NonNullable<Parameters<typeof defineEstate>[1]["plan"]>;

/** Who, where and with what, in every environment of contoso. Roles and teams, because people change. */
export const contosoPlan = {
  timeZone: "W. Europe Standard Time",
  responsibilities: [
    {
      who: "Unified communications team",
      does: ["back-up", "watch", "restore"],
      tools: ["lync-backup", "Lync Server Management Shell", "Topology Builder"],
      computers: ["tools01.contoso.com"],
      reached: "the queue UC operations, at night by the operator on duty",
    },
    {
      who: "Database team",
      does: ["watch", "restore"],
      tools: ["SQL Server Management Studio"],
      computers: ["sql01.contoso.com", "sql03.contoso.com", "sql11.contoso.com"],
      scenarios: ["back-end", "database", "central-management-store"],
      reached: "the queue Databases",
    },
    {
      who: "Head of communication services",
      does: ["decide", "approve"],
      reached: "the operator on duty",
    },
    { who: "Service continuity team", does: ["test", "review"], reached: "the queue Continuity" },
  ],
  places: [
    {
      name: "second-site",
      where: "Data centre of the second site, run by the storage team",
      targets: ["vault"],
      media: "Disks of the computer bk01, encrypted; no removable media",
      hardware: ["500 GB behind bk01 for sets", "Space for two virtual servers of the size of a Back End"],
      software: ["Imaging of virtual servers", "Node.js 20 for the courier"],
      network: ["1 Gbit/s between the sites", "TCP 445 from all Front Ends and SQL Servers to bk01"],
      access: "Badge of the data centre; read only for restore-admins",
    },
  ],
  atHand: [
    { what: "Media of Lync Server 2013 with its cumulative update", where: "Software library of the second site" },
    { what: "Media of SQL Server 2012 and of Windows Server", where: "Software library of the second site" },
    { what: "Server certificates with their private keys", where: "Key store of the directory team" },
    { what: "This plan, filled in and printed", where: "Emergency folder of both sites" },
  ],
  agreements: {
    availability: "Around the clock, but for a maintenance window on Sundays from 06:00 to 10:00",
    support: "Loss of a pool: answered within 15 minutes at any hour; anything else on working days",
    capacity: "At most 10,000 users in a pool, so that either pool can serve both",
  },
  choosing: "Repair what can be repaired within an hour; then fail over where a partner lives; restore what has none",
  spareHardware: "Virtual servers of the second site, ready within two hours",
  departments: [
    { who: "Directory team", does: "Active Directory, DNS and certificates" },
    { who: "Network team", does: "Firewall, load balancer and the lines between the sites" },
  ],
  times: [
    { scenario: "pool", hours: 8 },
    { scenario: "standard-edition-server", hours: 8 },
    { scenario: "central-management-store", hours: 4 },
    { scenario: "back-end", hours: 6 },
    { scenario: "pool-member", hours: 3 },
    { scenario: "file-store", hours: 4 },
    { scenario: "database", hours: 4 },
  ],
  validation: {
    audits: "Each month the newest set of every job is opened and compared with its manifest",
    restoreTests: "Each month one server, in turn, is restored in the environment staging",
    worksheets: "In the emergency folder of both sites, made anew after every change of the topology",
    staff: "Two of the team restore together, each quarter",
  },
  reviewMonths: 6,
} satisfies Plan;
