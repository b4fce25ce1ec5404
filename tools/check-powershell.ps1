# Looks at PowerShell files as PowerShell itself does: its parser, and PSScriptAnalyzer where that is installed. Each
# problem is a line that begins with the file; the last line says who has looked.
[CmdletBinding()]
[OutputType([string])]
param(
    # A text file with the path of a file in each line.
    [Parameter(Mandatory = $true)]
    [string]$List,
    [Parameter(Mandatory = $true)]
    [string]$Settings
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$files = @([System.IO.File]::ReadAllLines($List) | Where-Object -FilterScript { $_.Length -gt 0 })
foreach ($file in $files) {
    $tokens = $null
    $problems = $null
    [void][System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$tokens, [ref]$problems)
    foreach ($one in @($problems)) {
        '{0}:{1}:{2} {3}' -f $file, $one.Extent.StartLineNumber, $one.Extent.StartColumnNumber, $one.Message
    }
}
$looked = 'looked: PowerShell ' + $PSVersionTable.PSVersion.ToString()
if ($null -eq (Get-Module -ListAvailable -Name PSScriptAnalyzer)) {
    $looked + '; PSScriptAnalyzer is not installed'
} else {
    foreach ($file in $files) {
        foreach ($one in @(Invoke-ScriptAnalyzer -Path $file -Settings $Settings)) {
            '{0}:{1}:{2} {3}: {4}' -f $file, $one.Line, $one.Column, $one.RuleName, $one.Message
        }
    }
    $looked + ' and PSScriptAnalyzer'
}
