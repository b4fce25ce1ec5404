import type { CmdletTable } from "../syntax";

/** Cmdlets that look at pools, their applications and their users. From Microsoft's cmdlet reference. */
export const POOLS: CmdletTable = {
  "Debug-CsInterPoolReplication": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      BackupModule: { type: "BackupModules" },
      Confirm: { type: "SwitchParameter", aliases: ["cf"], products: ["sfb2015", "sfb2019"] },
      DatabaseCommandTimeoutInSeconds: { type: "Int32", products: ["sfb2015", "sfb2019"] },
      Force: { type: "SwitchParameter" },
      PoolFqdn: { type: "Fqdn", required: true },
      ResyncSignatureMismatchItems: { type: "SwitchParameter", products: ["sfb2015", "sfb2019"] },
      SuppressMultiMasterDetection: { type: "SwitchParameter", products: ["sfb2015", "sfb2019"] },
      WhatIf: { type: "SwitchParameter", aliases: ["wi"], products: ["sfb2015", "sfb2019"] },
    },
  },
  "Debug-CsLisConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Force: { type: "SwitchParameter" },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsAnnouncement": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsBackupServiceConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Filter", "Identity"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsBackupServiceStatus": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Category: { type: "BackupCategory" },
      Force: { type: "SwitchParameter" },
      PoolFqdn: { type: "Fqdn", required: true },
    },
  },
  "Get-CsCallParkOrbit": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsGlobalRelativeIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
      Type: { type: "OrbitType", products: ["sfb2015", "sfb2019"] },
    },
  },
  "Get-CsConferenceDirectory": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsGlobalRelativeIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsCpsConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsPersistentChatState": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Filter", "Identity"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"], products: ["lync2013", "sfb2015"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 2, products: ["lync2013", "sfb2015"] },
      LocalStore: { type: "SwitchParameter", products: ["lync2013", "sfb2015"] },
    },
  },
  "Get-CsPoolBackupRelationship": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Force: { type: "SwitchParameter" },
      LocalStore: { type: "SwitchParameter" },
      PoolFqdn: { type: "Fqdn", required: true },
    },
  },
  "Get-CsPoolFabricState": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["RoutingGroup", "Tenant", "User", "PoolFqdn"],
    parameters: {
      Confirm: { type: "SwitchParameter", aliases: ["cf"] },
      Force: { type: "SwitchParameter" },
      HealthState: { type: "String", sets: ["PoolFqdn"], products: ["sfb2015", "sfb2019"] },
      MinutesToPoll: { type: "Int32", sets: ["RoutingGroup"] },
      OutputCsvFile: { type: "String", sets: ["PoolFqdn"], products: ["sfb2015", "sfb2019"] },
      PollInterval: { type: "Int32", sets: ["RoutingGroup"] },
      PoolFqdn: { type: "String", sets: ["PoolFqdn"], required: true },
      QueryTimeout: { type: "Int32", sets: ["PoolFqdn"] },
      ReplicaBuildProgress: { type: "SwitchParameter", sets: ["RoutingGroup"] },
      ReplicaBuildProgressTimeout: { type: "Int32", sets: ["RoutingGroup"] },
      RoutingGroup: {
        type: "String",
        sets: ["RoutingGroup"],
        required: true,
        position: 1,
        products: ["sfb2015", "sfb2019"],
      },
      ServiceName: { type: "String", sets: ["PoolFqdn"], products: ["sfb2015", "sfb2019"] },
      ShowAll: { type: "SwitchParameter", sets: ["PoolFqdn"], products: ["sfb2015", "sfb2019"] },
      Tenant: { type: "Guid", sets: ["Tenant"], required: true, position: 1, products: ["sfb2015", "sfb2019"] },
      Type: { type: "String", sets: ["PoolFqdn"] },
      UserUri: {
        type: "UserIdParameter",
        sets: ["User"],
        required: true,
        position: 1,
        products: ["sfb2015", "sfb2019"],
      },
      WhatIf: { type: "SwitchParameter", aliases: ["wi"] },
    },
  },
  "Get-CsPoolUpgradeReadinessState": {
    products: ["lync2013", "sfb2015"],
    parameters: {
      Confirm: { type: "SwitchParameter", aliases: ["cf"] },
      Force: { type: "SwitchParameter" },
      SkipIdleSecondaryVerification: { type: "SwitchParameter", products: ["sfb2015"] },
      WhatIf: { type: "SwitchParameter", aliases: ["wi"] },
    },
  },
  "Get-CsRegistrarConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsRgsAgentGroup": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", position: 2 },
      Name: { type: "String" },
      Owner: { type: "RgsIdentity" },
      ShowAll: { type: "SwitchParameter" },
    },
  },
  "Get-CsRgsConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", required: true, position: 2 },
    },
  },
  "Get-CsRgsHolidaySet": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", position: 2 },
      Name: { type: "String" },
      Owner: { type: "RgsIdentity" },
      ShowAll: { type: "SwitchParameter" },
    },
  },
  "Get-CsRgsHoursOfBusiness": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", position: 2 },
      Name: { type: "String" },
      Owner: { type: "RgsIdentity" },
      ShowAll: { type: "SwitchParameter" },
    },
  },
  "Get-CsRgsQueue": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", position: 2 },
      Name: { type: "String" },
      Owner: { type: "RgsIdentity" },
      ShowAll: { type: "SwitchParameter" },
    },
  },
  "Get-CsRgsWorkflow": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Identity: { type: "RgsIdentity", position: 2 },
      Name: { type: "String" },
      Owner: { type: "RgsIdentity" },
      ShowAll: { type: "SwitchParameter" },
    },
  },
  "Get-CsUnassignedNumber": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsGlobalRelativeIdentity", sets: ["Identity"], position: 2 },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Get-CsUpgradeDomainInfo": {
    products: ["sfb2019"],
    parameters: {
      Confirm: { type: "SwitchParameter", aliases: ["cf"] },
      Force: { type: "SwitchParameter" },
      QueryTimeout: { type: "SwitchParameter" },
      WhatIf: { type: "SwitchParameter", aliases: ["wi"] },
    },
  },
  "Get-CsUser": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    parameters: {
      Credential: { type: "PSCredential" },
      DomainController: { type: "Fqdn" },
      Filter: { type: "String" },
      Identity: { type: "UserIdParameter", position: 1 },
      LdapFilter: { type: "String" },
      OnLyncServer: { type: "SwitchParameter", products: ["lync2013"] },
      OnModernServer: { type: "SwitchParameter", aliases: ["OnLyncServer"], products: ["sfb2015", "sfb2019"] },
      OnOfficeCommunicationServer: { type: "SwitchParameter" },
      OU: { type: "OUIdParameter" },
      ResultSize: { type: "UInt32" },
      UnAssignedUser: { type: "SwitchParameter" },
    },
  },
  "Get-CsUserServicesPolicy": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["Identity", "Filter"],
    parameters: {
      Filter: { type: "String", sets: ["Filter"] },
      Identity: { type: "XdsIdentity", sets: ["Identity"], position: 1 },
      LocalStore: { type: "SwitchParameter" },
      Tenant: { type: "Guid" },
    },
  },
  "Test-CsLisConfiguration": {
    products: ["lync2013", "sfb2015", "sfb2019"],
    sets: ["ServerPlatform", "ClientPlatform", "TargetUri"],
    parameters: {
      Authentication: { type: "AuthenticationMechanism", aliases: ["Ath"] },
      BssId: { type: "String", aliases: ["b"] },
      ChassisId: { type: "String", aliases: ["c"] },
      External: { type: "SwitchParameter", sets: ["ServerPlatform", "ClientPlatform"] },
      Force: { type: "SwitchParameter" },
      Mac: { type: "String", aliases: ["m"] },
      OutLoggerVariable: { type: "String", aliases: ["olv"] },
      OutVerboseVariable: { type: "String", aliases: ["ovv"] },
      PortId: { type: "String", aliases: ["p"] },
      PortIdSubType: { type: "PortIDSubType", aliases: ["ps"] },
      RegistrarPort: { type: "Int32", sets: ["ServerPlatform", "ClientPlatform"], aliases: ["rp"] },
      Subnet: { type: "String", aliases: ["s"] },
      TargetFqdn: {
        type: "String",
        sets: ["ServerPlatform", "ClientPlatform"],
        required: ["ServerPlatform"],
        position: 2,
        aliases: ["t"],
      },
      TargetUri: { type: "String", sets: ["TargetUri"], required: true, aliases: ["twsu"] },
      UserCredential: { type: "PSCredential", sets: ["ClientPlatform"], required: true, aliases: ["uc"] },
      UserSipAddress: { type: "String", required: ["ClientPlatform", "TargetUri"], aliases: ["ua"] },
      WebCredential: { type: "PSCredential", sets: ["TargetUri"] },
    },
  },
};
