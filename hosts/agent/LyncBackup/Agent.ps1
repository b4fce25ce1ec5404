# The module on this computer: its files, a mark that says whose it is, and the folder of its data.

function Get-LbAgentPath {
    param([string]$Child = '')
    return (Join-LbPath -Path (Get-LbPlace -Name 'agent') -Child $Child).TrimEnd('\')
}

function Get-LbOwnerText {
    param($Owner)
    return '{0}/{1}/{2}' -f $Owner['project'], $Owner['stack'], $Owner['name']
}

# What bears another mark, or none, stays as it is, unless it is to be adopted.
function Assert-LbOwned {
    param([System.Collections.IDictionary]$Change, [string]$What, $Found)
    if (Get-LbField -From $Change -Name 'adopt' -Default $false) { return }
    $ours = Get-LbOwnerText -Owner $Change['owner']
    $whose = "bears nobody's mark"
    if ($null -ne $Found) {
        $theirs = Get-LbOwnerText -Owner $Found
        if ($theirs -ceq $ours) { return }
        $whose = 'belongs to ' + $theirs
    }
    throw (Get-LbFailure -Code 'foreign' -Message ('{0} is there already and {1}, not to {2}.' -f $What, $whose, $ours) -Advice (
            'Declare adopt: true to take it over, or choose another name.'))
}

function Get-LbRefusal {
    param([string]$Message, [string]$Advice)
    return Get-LbFailure -Code 'refused' -Message $Message -Advice $Advice
}

function Assert-LbKnown {
    param([object[]]$Account)
    $unknown = @(foreach ($one in $Account) { if ($null -eq (Get-LbSid -Account $one)) { $one } })
    if ($unknown.Length -eq 0) { return }
    throw (Get-LbRefusal -Message ('the directory knows no account {0}.' -f [string]::Join(', ', [string[]]$unknown)) -Advice (
            'Correct the name, or create it in the directory.'))
}

# Null: there is none, or a colleague made something else of it.
function Get-LbAgentMark {
    try {
        $text = Read-LbFileIfThere -Path (Get-LbAgentPath -Child 'agent.json')
        if ($null -eq $text) { return $null }
        $mark = ConvertFrom-LbJson -Text $text
        if ($null -eq $mark['owner'] -or $null -eq $mark['version']) { return $null }
        return $mark
    } catch { return $null }
}

# The hash of each file, by its path below the folder of the module.
function Get-LbModuleFile {
    $files = Get-LbEmptyMap
    $native = Get-LbNativePath -Path (Get-LbAgentPath)
    if (-not [System.IO.Directory]::Exists($native)) { return $files }
    $paths = @(foreach ($file in [System.IO.Directory]::GetFiles($native, '*', [System.IO.SearchOption]::AllDirectories)) {
            $file.Substring($native.Length + 1).Replace('\', '/')
        })
    foreach ($path in @(Get-LbSorted -Text $paths)) {
        if ($path -cne 'agent.json') { $files[$path] = Get-LbFileHash -Path (Get-LbAgentPath -Child $path) }
    }
    return $files
}

# Null: it is not there.
function Get-LbAgent {
    $mark = Get-LbAgentMark
    if ($null -eq $mark) {
        if (Test-LbFile -Path (Get-LbAgentPath -Child 'agent.json')) { throw (Get-LbFailure -Code 'unreadable' -Message 'agent.json is not as it was written.') }
        return $null
    }
    $files = Get-LbModuleFile
    if ($files.get_Count() -eq 0) { return $null }
    return [ordered]@{ owner = $mark['owner']; version = $mark['version']; files = $files }
}

function Get-LyncBackupAgent {
    <#
    .SYNOPSIS
    Tells which module lies here: whose it is, its version, and the hash of each of its files.
    .DESCRIPTION
    The provider compares these with the files of its own release, so that an altered module is found.
    .EXAMPLE
    (Get-LyncBackupAgent).Version
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param()
    $agent = Get-LbAgent
    if ($null -eq $agent) { return }
    return [pscustomobject]@{ Owner = (Get-LbOwnerText -Owner $agent['owner']); Version = $agent['version']; Files = $agent['files'] }
}

# All files beside the old ones first; then two renames. A crash in between leaves the old or the new one whole.
function Write-LbAgent {
    param([System.Collections.IDictionary]$Change, [System.Collections.IDictionary]$Agent)
    $fresh = (Get-LbAgentPath) + '.new'
    $old = (Get-LbAgentPath) + '.old'
    Clear-LbPath -Path $fresh
    foreach ($file in $Agent['files']) {
        Write-LbByte -Path (Join-LbPath -Path $fresh -Child $file['path']) -Bytes ([System.Convert]::FromBase64String($file['base64']))
    }
    $mark = [ordered]@{ owner = $Change['owner']; version = $Agent['version'] }
    Write-LbFile -Path (Join-LbPath -Path $fresh -Child 'agent.json') -Text (ConvertTo-LbJson -Value $mark)
    Clear-LbPath -Path $old
    if (Test-LbFolder -Path (Get-LbAgentPath)) { Rename-LbFolder -From (Get-LbAgentPath) -To $old }
    Rename-LbFolder -From $fresh -To (Get-LbAgentPath)
    Clear-LbPath -Path $old
}

function Invoke-LbSetAgent {
    param([System.Collections.IDictionary]$Change)
    $agent = $Change['action']['agent']
    $mark = Get-LbAgentMark
    if ($null -ne $mark) { Assert-LbOwned -Change $Change -What 'the module' -Found $mark['owner'] }
    elseif (Test-LbStranger -Agent $agent) { Assert-LbOwned -Change $Change -What ('the folder ' + (Get-LbAgentPath)) -Found $null }
    foreach ($file in $agent['files']) {
        if ($file['path'] -match '(^|[\\/])\.\.?([\\/]|\z)|^[\\/]|:') { throw (Get-LbRefusal -Message 'a file of the module would lie elsewhere.' -Advice 'Install lync-backup again.') }
        if ((Get-LbSha256 -Bytes ([System.Convert]::FromBase64String($file['base64']))) -ceq $file['sha256']) { continue }
        throw (Get-LbRefusal -Message ('{0} arrived with another hash than was sent.' -f $file['path']) -Advice 'Try again.')
    }
    Write-LbAgent -Change $Change -Agent $agent
    Write-LbDataAccess
    Register-LbEventSource
}

# Files in its folder that are not of this module: where no mark says so, they may be anybody's.
function Test-LbStranger {
    param([System.Collections.IDictionary]$Agent)
    $wanted = @{}
    foreach ($file in $Agent['files']) { $wanted[$file['path']] = $file['sha256'] }
    foreach ($entry in (Get-LbModuleFile).GetEnumerator()) { if ($wanted[[string]$entry.Key] -cne $entry.Value) { return $true } }
    return $false
}

function Invoke-LbRemoveAgent {
    param([System.Collections.IDictionary]$Change)
    $mark = Get-LbAgentMark
    # What bears no mark is nothing that we would have to remove.
    if ($null -eq $mark) { return }
    Assert-LbOwned -Change $Change -What 'the module' -Found $mark['owner']
    $jobs = @(Get-LbJobName)
    if ($jobs.Length -gt 0) {
        throw (Get-LbRefusal -Message ('the module is still needed by the jobs {0}.' -f [string]::Join(', ', [string[]]$jobs)) -Advice 'Remove these first.')
    }
    Clear-LbPath -Path (Get-LbAgentPath)
}

# Job accounts read the job documents and write what runs leave behind; nobody else but administrators sees any of it.
# Who could write a job document could make the account of that job do anything.
function Write-LbDataAccess {
    $sids = @{}
    foreach ($name in @(Get-LbJobName)) {
        $job = Read-LbJobIfValid -Text (Read-LbFileIfThere -Path (Get-LbJobPath -Name $name))
        if ($null -eq $job) { continue }
        $sid = Get-LbSid -Account $job['account']
        if ($null -ne $sid) { $sids[$sid] = $true }
    }
    $system = @(@{ Sid = 'S-1-5-32-544'; Right = 'FullControl' }, @{ Sid = 'S-1-5-18'; Right = 'FullControl' })
    $readers = @(foreach ($sid in @($sids.Keys)) { @{ Sid = $sid; Right = 'ReadAndExecute' } })
    $writers = @(foreach ($sid in @($sids.Keys)) { @{ Sid = $sid; Right = 'Modify' } })
    Add-LbFolder -Path (Get-LbPlace -Name 'data')
    Write-LbFolderAccess -Path (Get-LbPlace -Name 'data') -Entry ($system + $readers)
    foreach ($folder in @('runs', 'work', 'locks', 'inbox')) {
        Add-LbFolder -Path (Get-LbDataPath -Child $folder)
        Write-LbFolderAccess -Path (Get-LbDataPath -Child $folder) -Entry ($system + $writers)
    }
}

function Set-LyncBackupAgent {
    <#
    .SYNOPSIS
    Installs or updates the module on this computer.
    .DESCRIPTION
    The change document holds the files with their hashes. They are laid beside the old ones and take their place by a
    rename, so that a task that starts meanwhile finds one release or the other.
    .PARAMETER Json
    The change document, with an action of the kind set-agent.
    .EXAMPLE
    Set-LyncBackupAgent -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the module', 'install')) { Invoke-LbSetAgent -Change (ConvertFrom-LbChange -Json $Json -Kind 'set-agent') }
}

function Remove-LyncBackupAgent {
    <#
    .SYNOPSIS
    Removes the module from this computer. It refuses while there are jobs.
    .DESCRIPTION
    Results of runs stay, and so do sets.
    .PARAMETER Json
    The change document, with an action of the kind remove-agent.
    .EXAMPLE
    Remove-LyncBackupAgent -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the module', 'remove')) { Invoke-LbRemoveAgent -Change (ConvertFrom-LbChange -Json $Json -Kind 'remove-agent') }
}

function ConvertFrom-LbChange {
    param([string]$Json, [string]$Kind)
    $change = ConvertFrom-LbJson -Text $Json
    if ($change -isnot [System.Collections.IDictionary] -or $change['document'] -cne 'change' -or $change['version'] -ne 1 -or $change['action']['kind'] -cne $Kind) {
        throw (Get-LbRefusal -Message ('it is no change document of the kind {0}.' -f $Kind) -Advice 'Update the module, or lync-backup.')
    }
    return $change
}
