# Parses every .sql file of a folder with Microsoft's parser. Each subfolder is named by the grammar that it is for.
# -Library: Microsoft.SqlServer.TransactSql.ScriptDom.dll. Ends with 1 where something does not parse.
param(
    [Parameter(Mandatory = $true)]
    [string]$Folder,
    [Parameter(Mandatory = $true)]
    [string]$Library
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Add-Type -LiteralPath $Library
$bad = 0
$count = 0
foreach ($grammar in @(Get-ChildItem -LiteralPath $Folder | Where-Object -FilterScript { $_.PSIsContainer })) {
    $parser = New-Object -TypeName ('Microsoft.SqlServer.TransactSql.ScriptDom.TSql{0}Parser' -f $grammar.Name) -ArgumentList $true
    foreach ($file in @(Get-ChildItem -LiteralPath $grammar.FullName | Where-Object -FilterScript { $_.Extension -eq '.sql' })) {
        $count++
        $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $file.FullName
        try {
            $problems = $null
            [void]$parser.Parse($reader, [ref]$problems)
        } finally { $reader.Dispose() }
        foreach ($problem in $problems) {
            $bad++
            [System.Console]::Error.WriteLine(('{0}/{1}:{2}:{3} {4}' -f $grammar.Name, $file.Name, $problem.Line, $problem.Column, $problem.Message))
        }
    }
}
[System.Console]::Out.WriteLine(('{0} statements parsed, {1} errors' -f $count, $bad))
if ($bad -gt 0 -or $count -eq 0) { exit 1 }
