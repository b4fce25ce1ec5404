# The host side of lync-backup: an interpreter of job documents. It knows step kinds and nothing of Lync's data.
# Windows PowerShell 3.0 syntax, strict mode, ASCII. One file per subject; what exists on Windows only is Windows.ps1.
# Functions with Lb in their nouns are the module's own; what others call is exported below.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

foreach ($part in @(
        'Windows', 'Json', 'Text', 'Files', 'Messages', 'Values', 'Execution', 'Runs', 'Programs', 'Calls', 'Cmdlets',
        'Sql', 'Copies', 'Inventory', 'Checks', 'Sets', 'Chains', 'Retention', 'Keeping', 'Courier', 'Services', 'Observe',
        'Restore', 'Interpreter', 'Agent', 'Tasks', 'AgentJobs', 'Jobs', 'Targets', 'State', 'Starting', 'Protocol')) {
    . (Join-Path -Path $PSScriptRoot -ChildPath ($part + '.ps1'))
}

Export-ModuleMember -Function '*-LyncBackup*'
