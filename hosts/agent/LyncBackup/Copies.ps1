# Robocopy: what it is told, and what its exit code and its numbers mean.

# Bytes that it sends before it waits, where the bandwidth is limited.
$script:LbPacket = 65536
# Characters of names in one command line; Windows takes 32,767 in all.
$script:LbBatch = 8000

function Invoke-LbRobocopyStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $source = Resolve-LbTextValue -Execution $Execution -Value $Step['source']
    $destination = Resolve-LbTextValue -Execution $Execution -Value $Step['destination']
    Assert-LbDestination -Execution $Execution -Step $Step
    Assert-LbSource -Path $source -BackupMode (Get-LbField -From $Step -Name 'backupMode' -Default $false)
    $sum = [ordered]@{ exitCode = 0; copied = 0; skipped = 0; failed = 0; bytes = 0 }
    $errors = New-Object -TypeName System.Collections.ArrayList
    if ($null -eq $Step['files']) { Add-LbCopy -Execution $Execution -Step $Step -From $source -To $destination -Name @() -Sum $sum -Problems $errors }
    else {
        foreach ($batch in @(Get-LbBatch -Path (Get-LbNamedFile -Execution $Execution -Files $Step['files']))) {
            $from = $source
            $to = $destination
            if ($batch['Folder'].Length -gt 0) {
                $from = Join-LbPath -Path $source -Child $batch['Folder']
                $to = Join-LbPath -Path $destination -Child $batch['Folder']
            }
            Add-LbCopy -Execution $Execution -Step $Step -From $from -To $to -Name ($batch['Names'].ToArray()) -Sum $sum -Problems $errors
            if (Test-LbRobocopyFailed -ExitCode $sum['exitCode']) { break }
        }
    }
    if (Test-LbRobocopyFailed -ExitCode $sum['exitCode']) {
        $why = ''
        if ($errors.Count -gt 0) { $why = $errors[$errors.Count - 1] }
        throw (Get-LbStepFailure -Code 'copy-failed' -Say 'copyFailed' -With @($sum['exitCode'], $why) -Advise 'copyFailedAdvice')
    }
    return Get-LbDone -Message (Get-LbMessage -Name 'copied' -With @($sum['copied'], $sum['skipped'])) -Data $sum
}

# The document was checked where it was made; what deletes is looked at once more.
function Assert-LbDestination {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $where = $Step['destination']
    $isMap = $where -is [System.Collections.IDictionary]
    if ((Get-LbField -From $Step -Name 'mirror' -Default $false) -and -not ($isMap -and $where.Contains('$mirror'))) {
        throw (Get-LbStepFailure -Code 'refused' -Say 'mirrorElsewhere')
    }
    if (-not $isMap) { return }
    if ($where.Contains('$set') -or $where.Contains('$mirror')) { Assert-LbTargetThere -Execution $Execution }
    if ($where.Contains('$set')) { $Execution['HasSetFolder'] = $true }
}

# What is to be read must be there. Who may back up files looks past permissions.
function Assert-LbSource {
    param([string]$Path, [bool]$BackupMode)
    if ($BackupMode) { Enable-LbBackupRight }
    if (Test-LbFolder -Path $Path) { return }
    throw (Get-LbStepFailure -Code 'source-gone' -Say 'rootGone' -With @($Path) -Advise 'rootGoneAdvice')
}

# Paths below the source, with forward slashes: what an inventory found changed, or what the step names.
function Get-LbNamedFile {
    param([hashtable]$Execution, $Files)
    if ($Files -is [System.Collections.IDictionary]) {
        # What an inventory found new or changed stands in a file of the run.
        $list = Get-LbWorkPath -Execution $Execution -File ((($Files['$ref'] -split '\.')[0]) + '.changed.txt')
        $text = Read-LbFileIfThere -Path $list
        if ($null -eq $text) { throw (Get-LbStepFailure -Code 'empty-reference' -Say 'emptyReference' -With @($Files['$ref'])) }
        return , [string[]]@(foreach ($line in ($text -split '\n')) { if ($line.Length -gt 0) { $line } })
    }
    return , [string[]]@(foreach ($name in $Files) { Resolve-LbFileName -Execution $Execution -Name $name })
}

# Robocopy takes names in one folder: folder by folder, and no command line too long.
function Get-LbBatch {
    param([string[]]$Path)
    $batch = $null
    $length = 0
    foreach ($one in @(Get-LbSorted -Text $Path)) {
        $slash = $one.LastIndexOf('/')
        $folder = ''
        if ($slash -ge 0) { $folder = $one.Substring(0, $slash) }
        $name = $one.Substring($slash + 1)
        if ($null -eq $batch -or $batch['Folder'] -cne $folder -or $length + $name.Length + 3 -gt $script:LbBatch) {
            if ($null -ne $batch) { $batch }
            $batch = @{ Folder = $folder; Names = (New-Object -TypeName System.Collections.ArrayList) }
            $length = 0
        }
        [void]$batch['Names'].Add($name)
        $length += $name.Length + 3
    }
    if ($null -ne $batch) { $batch }
}

function Add-LbCopy {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [string]$From, [string]$To, [string[]]$Name, [System.Collections.IDictionary]$Sum, [System.Collections.ArrayList]$Problems)
    $arguments = @(Get-LbRobocopyArgument -Step $Step -From $From -To $To -Name $Name)
    $ended = Invoke-LbProgram -Name 'robocopy.exe' -Argument $arguments -Execution $Execution
    $code = [int]$ended['ExitCode']
    $Sum['exitCode'] = $Sum['exitCode'] -bor $code
    $numbers = @(Get-LbRobocopySummary -Output $ended['Output'])
    if ($numbers.Length -eq 3) {
        $Sum['copied'] = $Sum['copied'] + $numbers[1][1]
        $Sum['skipped'] = $Sum['skipped'] + $numbers[1][2]
        $Sum['failed'] = $Sum['failed'] + $numbers[1][4]
        $Sum['bytes'] = $Sum['bytes'] + $numbers[2][1]
    }
    if (Test-LbRobocopyFailed -ExitCode $code) { $Problems.AddRange(@(Get-LbRobocopyError -Output $ended['Output'])) }
}

# A bit mask: 1 copied, 2 extra, 4 mismatched, 8 some could not be copied, 16 nothing was. Below 8 all is well.
function Test-LbRobocopyFailed {
    param([int]$ExitCode)
    return $ExitCode -ge 8 -or $ExitCode -lt 0
}

function Get-LbRobocopyArgument {
    param([System.Collections.IDictionary]$Step, [string]$From, [string]$To, [string[]]$Name)
    $From
    $To
    foreach ($one in $Name) { $one }
    if ($Name.Length -eq 0) { if (Get-LbField -From $Step -Name 'mirror' -Default $false) { '/MIR' } else { '/E' } }
    if (Get-LbField -From $Step -Name 'security' -Default $false) { '/COPY:DATS' } else { '/COPY:DAT' }
    if (Get-LbField -From $Step -Name 'backupMode' -Default $false) { '/B' }
    '/R:' + (Get-LbText -Value (Get-LbField -From $Step -Name 'retries' -Default 2))
    '/W:' + (Get-LbText -Value (Get-LbField -From $Step -Name 'waitSeconds' -Default 5))
    $limit = $Step['megabitsPerSecond']
    if ($null -ne $limit) {
        # Milliseconds between two packets; robocopy limits one thread only.
        '/IPG:' + [System.Math]::Max(1, [System.Math]::Ceiling($script:LbPacket * 8 / ($limit * 1000))).ToString($script:LbInvariant)
    } else { '/MT:' + (Get-LbText -Value (Get-LbField -From $Step -Name 'threads' -Default 8)) }
    $hours = $Step['hours']
    if ($null -ne $hours) {
        # It waits by itself, for each file anew, and over midnight where the second time is the earlier.
        '/RH:' + $hours['from'].Replace(':', '') + '-' + $hours['until'].Replace(':', '')
        '/PF'
    }
    $files = Get-LbField -From $Step -Name 'excludeFiles' -Default @()
    if ($files.Length -gt 0) { '/XF'; foreach ($one in $files) { $one } }
    $folders = Get-LbField -From $Step -Name 'excludeFolders' -Default @()
    if ($folders.Length -gt 0) { '/XD'; foreach ($one in $folders) { $one } }
    # No junctions, which may lead in circles; no names, no header, no progress; sizes in bytes.
    '/XJ'
    '/NFL'
    '/NDL'
    '/NJH'
    '/NP'
    '/BYTES'
}

# The three lines of six numbers at the end, whatever the language of Windows: folders, files, bytes; of each all,
# copied, skipped, mismatched, failed and extra.
function Get-LbRobocopySummary {
    param([string]$Output)
    $rows = New-Object -TypeName System.Collections.ArrayList
    foreach ($match in [regex]::Matches($Output, '(?m):[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)[ \t]*\r?$')) {
        $row = [long[]]@(foreach ($group in @(1, 2, 3, 4, 5, 6)) { [long]::Parse($match.Groups[$group].Value, $script:LbInvariant) })
        [void]$rows.Add($row)
    }
    if ($rows.Count -lt 3) { return }
    for ($index = $rows.Count - 3; $index -lt $rows.Count; $index++) { , $rows[$index] }
}

# The errors that it wrote, without their times; or what it wrote last.
function Get-LbRobocopyError {
    param([string]$Output)
    $lines = @($Output -split '\r?\n' | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_.Length -gt 0 })
    $errors = @(foreach ($line in $lines) {
            if ($line -match ' [0-9]+ \(0x[0-9A-Fa-f]{8}\) ') { ($line -replace '^[0-9/.-]+ [0-9:]+ ', '').TrimEnd('.') }
        })
    if ($errors.Length -gt 0) { return $errors }
    if ($lines.Length -gt 0) { return $lines[$lines.Length - 1].TrimEnd('.') }
    return 'it wrote nothing'
}
