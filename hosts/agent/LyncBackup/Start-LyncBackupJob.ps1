<#
.SYNOPSIS
What scheduled tasks run: one job, then an exit code.
.DESCRIPTION
0: the run ended well, or had nothing to do here. 1: it failed, and its result file and the event log say why. 2: it
could not begin.
.PARAMETER Name
The name of the job.
.PARAMETER OneOff
Takes the document that lies in the inbox.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string]$Name,
    [switch]$OneOff
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$code = 2
try {
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'LyncBackup.psd1')
    $run = Invoke-LyncBackupJob -Name $Name -OneOff:$OneOff
    $code = 1
    if (@('succeeded', 'stood-down', 'nothing-to-do') -ccontains $run['outcome']) { $code = 0 }
} catch {
    $said = '{0} could not begin: {1}' -f $Name, $_.Exception.Message
    [System.Console]::Error.WriteLine($said)
    # The module may be what is missing, so the log is written without it.
    try { [System.Diagnostics.EventLog]::WriteEntry('LyncBackup', $said, [System.Diagnostics.EventLogEntryType]::Error, 201) } catch { $code = 2 }
}
exit $code
