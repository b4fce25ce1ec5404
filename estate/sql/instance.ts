import { defineStatement, type Statement } from "./statement";

/** What an installation of SQL Server is: found again at each run, and captured with each full backup. */

const SERVER_STATE = "VIEW SERVER STATE";
const DEFINITIONS = "VIEW ANY DEFINITION";

/** One row that the guards of a job look at. */
export const INSTANCE_FACTS = defineStatement({
  name: "instance-facts",
  purpose: "Version, edition and what follows from them; whether this host is the node on which the instance runs",
  text: `SET NOCOUNT ON;
DECLARE @version nvarchar(128), @edition nvarchar(128), @node nvarchar(128), @major int, @minor int;
SET @node = CONVERT(nvarchar(128), SERVERPROPERTY(N'ComputerNamePhysicalNetBIOS'));
SET @version = CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion'));
SET @edition = CONVERT(nvarchar(128), SERVERPROPERTY(N'Edition'));
SET @major = CONVERT(int, PARSENAME(@version, 4));
SET @minor = CONVERT(int, PARSENAME(@version, 3));
SELECT
  server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName')),
  node = @node,
  node_here = CASE WHEN UPPER(@node) IN (UPPER(LEFT(@host, CHARINDEX(N'.', @host + N'.') - 1)), UPPER(LEFT(@host, 15))) THEN N'yes' ELSE N'no' END,
  version = @version,
  level = CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductLevel')),
  edition = @edition,
  release = CASE WHEN @major = 10 AND @minor >= 50 THEN N'2008R2' WHEN @major < 11 THEN N'older' WHEN @major = 11 THEN N'2012' WHEN @major = 12 THEN N'2014'
    WHEN @major = 13 THEN N'2016' WHEN @major = 14 THEN N'2017' WHEN @major = 15 THEN N'2019' WHEN @major = 16 THEN N'2022'
    ELSE N'newer' END,
  collation = CONVERT(nvarchar(128), SERVERPROPERTY(N'Collation')),
  is_clustered = CASE WHEN SERVERPROPERTY(N'IsClustered') = 1 THEN N'yes' ELSE N'no' END,
  always_on = CASE WHEN SERVERPROPERTY(N'IsHadrEnabled') = 1 THEN N'yes' ELSE N'no' END,
  compression = CASE WHEN @edition LIKE N'Express%' OR @edition LIKE N'Web%' OR @edition LIKE N'Workgroup%' THEN N'no' ELSE N'yes' END,
  encryption = CASE WHEN @major < 12 OR @edition LIKE N'Express%' OR @edition LIKE N'Web%' THEN N'no' ELSE N'yes' END;`,
  parameters: { host: "nvarchar(260)" },
  columns: [
    "server",
    "node",
    "node_here",
    "version",
    "level",
    "edition",
    "release",
    "collation",
    "is_clustered",
    "always_on",
    "compression",
    "encryption",
  ],
  rights: "To log on",
});

/** What only newer releases know is NULL on the others. */
const PROPERTIES = [
  "ServerName",
  "MachineName",
  "InstanceName",
  "ComputerNamePhysicalNetBIOS",
  "ProductVersion",
  "ProductLevel",
  "ProductUpdateLevel",
  "ProductUpdateReference",
  "Edition",
  "EngineEdition",
  "Collation",
  "IsClustered",
  "IsHadrEnabled",
  "IsIntegratedSecurityOnly",
  "IsFullTextInstalled",
  "IsSingleUser",
  "FilestreamEffectiveLevel",
  "InstanceDefaultDataPath",
  "InstanceDefaultLogPath",
  "ErrorLogFileName",
] as const;

export const INSTANCE_PROPERTIES = defineStatement({
  name: "instance-properties",
  purpose: "Version and cumulative update, collation and paths of the installation, and the port of this connection",
  text: `SET NOCOUNT ON;
SELECT name, value FROM (VALUES
${PROPERTIES.map((name) => `  (N'${name}', CONVERT(nvarchar(4000), SERVERPROPERTY(N'${name}')))`).join(",\n")},
  (N'LocalTcpPort', CONVERT(nvarchar(4000), CONNECTIONPROPERTY(N'local_tcp_port')))
) AS p (name, value) ORDER BY name;`,
  columns: ["name", "value"],
  rights: "To log on",
});

/** Both views came with a service pack of 2008 R2: where one is not there, it has no rows. */
export const INSTANCE_SERVICES = defineStatement({
  name: "instance-services",
  purpose: "The services of the installation with their accounts",
  text: `SET NOCOUNT ON;
IF OBJECT_ID(N'sys.dm_server_services') IS NOT NULL
  SELECT service = servicename, startup = startup_type_desc, state = status_desc, account = service_account, program = filename
  FROM sys.dm_server_services ORDER BY servicename;`,
  columns: ["service", "startup", "state", "account", "program"],
  rights: SERVER_STATE,
});

export const INSTANCE_REGISTRY = defineStatement({
  name: "instance-registry",
  purpose: "Ports, start parameters and paths as the installation has them in the registry",
  text: `SET NOCOUNT ON;
IF OBJECT_ID(N'sys.dm_server_registry') IS NOT NULL
  SELECT registry_key, name = value_name, value = CONVERT(nvarchar(4000), value_data)
  FROM sys.dm_server_registry ORDER BY registry_key, value_name;`,
  columns: ["registry_key", "name", "value"],
  rights: SERVER_STATE,
});

export const INSTANCE_SETTINGS = defineStatement({
  name: "instance-settings",
  purpose: "What sp_configure shows",
  text: `SET NOCOUNT ON;
SELECT name, value = CONVERT(nvarchar(4000), value), in_use = CONVERT(nvarchar(4000), value_in_use)
FROM sys.configurations ORDER BY name;`,
  columns: ["name", "value", "in_use"],
  rights: "To log on",
});

export const INSTANCE_FILES = defineStatement({
  name: "instance-files",
  purpose: "Where each database keeps its files: a restore elsewhere must move them",
  text: `SET NOCOUNT ON;
SELECT database_name = d.name, file_name = f.name, kind = f.type_desc, path = f.physical_name,
  megabytes = CONVERT(nvarchar(20), CONVERT(bigint, f.size) / 128)
FROM sys.master_files AS f JOIN sys.databases AS d ON d.database_id = f.database_id
ORDER BY d.name, f.file_id;`,
  columns: ["database_name", "file_name", "kind", "path", "megabytes"],
  rights: DEFINITIONS,
});

export const INSTANCE_LOGINS = defineStatement({
  name: "instance-logins",
  purpose: "Logins with their SIDs, which the users in restored databases are matched by; never a password's hash",
  text: `SET NOCOUNT ON;
SELECT name = p.name, sid = CONVERT(nvarchar(180), p.sid, 1), kind = p.type_desc,
  disabled = CASE WHEN p.is_disabled = 1 THEN N'yes' ELSE N'no' END,
  default_database = p.default_database_name, default_language = p.default_language_name,
  policy_checked = CASE WHEN l.is_policy_checked = 1 THEN N'yes' WHEN l.is_policy_checked = 0 THEN N'no' END,
  expiration_checked = CASE WHEN l.is_expiration_checked = 1 THEN N'yes' WHEN l.is_expiration_checked = 0 THEN N'no' END
FROM sys.server_principals AS p LEFT JOIN sys.sql_logins AS l ON l.principal_id = p.principal_id
WHERE p.type IN (N'S', N'U', N'G') ORDER BY p.name;`,
  columns: [
    "name",
    "sid",
    "kind",
    "disabled",
    "default_database",
    "default_language",
    "policy_checked",
    "expiration_checked",
  ],
  rights: DEFINITIONS,
});

export const INSTANCE_RIGHTS = defineStatement({
  name: "instance-rights",
  purpose: "Server roles of the logins, and what else they may do",
  text: `SET NOCOUNT ON;
SELECT login = m.name, kind = N'role', what = r.name, granted = N'MEMBER'
FROM sys.server_role_members AS x
JOIN sys.server_principals AS m ON m.principal_id = x.member_principal_id
JOIN sys.server_principals AS r ON r.principal_id = x.role_principal_id
UNION ALL
SELECT login = g.name, kind = LOWER(p.class_desc), what = p.permission_name, granted = p.state_desc
FROM sys.server_permissions AS p JOIN sys.server_principals AS g ON g.principal_id = p.grantee_principal_id
WHERE g.type IN (N'S', N'U', N'G')
ORDER BY login, kind, what;`,
  columns: ["login", "kind", "what", "granted"],
  rights: DEFINITIONS,
});

export const INSTANCE_ENDPOINTS = defineStatement({
  name: "instance-endpoints",
  purpose: "Endpoints of mirroring and availability groups: a new partner must meet them",
  text: `SET NOCOUNT ON;
SELECT name = e.name, state = e.state_desc, role = m.role_desc, port = CONVERT(nvarchar(10), t.port),
  encryption = m.encryption_algorithm_desc, authentication = m.connection_auth_desc
FROM sys.database_mirroring_endpoints AS m
JOIN sys.endpoints AS e ON e.endpoint_id = m.endpoint_id
JOIN sys.tcp_endpoints AS t ON t.endpoint_id = m.endpoint_id
ORDER BY e.name;`,
  columns: ["name", "state", "role", "port", "encryption", "authentication"],
  rights: DEFINITIONS,
});

export const CERTIFICATE = defineStatement({
  name: "certificate",
  purpose: "Makes sure that the certificate which encrypts the backups is there with its private key",
  text: `SET NOCOUNT ON;
DECLARE @thumbprint nvarchar(90), @expiry datetime, @saved datetime, @server nvarchar(128);
SET @server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'));
SELECT @thumbprint = CONVERT(nvarchar(90), thumbprint, 1), @expiry = expiry_date, @saved = pvt_key_last_backup_date
FROM sys.certificates WHERE name = @certificate AND pvt_key_encryption_type = N'MK';
IF @thumbprint IS NULL
BEGIN
  RAISERROR (N'There is no certificate %s with a private key in the database master of %s, so its backups cannot be encrypted. Create it there on each replica, from one and the same backup of certificate and key.', 16, 1, @certificate, @server);
  RETURN;
END;
SELECT thumbprint = @thumbprint, expires = CONVERT(nvarchar(30), @expiry, 126),
  key_saved = CASE WHEN @saved IS NULL THEN N'never' ELSE CONVERT(nvarchar(30), @saved, 126) END;`,
  parameters: { certificate: "sysname" },
  columns: ["thumbprint", "expires", "key_saved"],
  rights: "VIEW DEFINITION of the certificate",
  since: "2014",
});

export const OF_INSTANCES: readonly Statement[] = [
  INSTANCE_FACTS,
  INSTANCE_PROPERTIES,
  INSTANCE_SERVICES,
  INSTANCE_REGISTRY,
  INSTANCE_SETTINGS,
  INSTANCE_FILES,
  INSTANCE_LOGINS,
  INSTANCE_RIGHTS,
  INSTANCE_ENDPOINTS,
  CERTIFICATE,
];
