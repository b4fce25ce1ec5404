# Targets: a folder with its rights, a share, a mark at its top, and a note on this computer.

$script:LbSystemAccess = @(
    @{ Sid = 'S-1-5-32-544'; Share = 'FULL'; Right = 'FullControl' },
    @{ Sid = 'S-1-5-18'; Share = 'FULL'; Right = 'FullControl' }
)

function Get-LbNotePath {
    param([string]$Name)
    return Get-LbDataPath -Child ('targets/' + $Name + '.json')
}

# To be taken as @(...).
function Get-LbTargetName {
    foreach ($file in @(Get-LbNameIn -Path (Get-LbDataPath -Child 'targets'))) {
        if ($file.EndsWith('.json', [System.StringComparison]::Ordinal)) { $file.Substring(0, $file.Length - 5) }
    }
}

# Null: there is none that can be read.
function Read-LbNote {
    param([string]$Name)
    try {
        $text = Read-LbFileIfThere -Path (Get-LbNotePath -Name $Name)
        if ($null -eq $text) { return $null }
        return ConvertFrom-LbJson -Text $text
    } catch { return $null }
}

# Null: there is none that can be read.
function Read-LbMark {
    param([string]$Path)
    try {
        $file = Join-LbPath -Path $Path -Child 'target.json'
        if (-not (Test-LbFile -Path $file)) { return $null }
        return Read-LbDocument -Path $file -Name 'target'
    } catch { return $null }
}

function Test-LbSamePath {
    param([string]$One, [string]$Other)
    return Test-LbSameText -One ($One.TrimEnd('\')) -Other ($Other.TrimEnd('\'))
}

# Who may do what: administrators and the system, writers, readers.
function Get-LbTargetAccess {
    param([System.Collections.IDictionary]$Target)
    $script:LbSystemAccess
    foreach ($account in $Target['writers']) { @{ Sid = (Get-LbSid -Account $account); Share = 'CHANGE'; Right = 'Modify' } }
    foreach ($account in (Get-LbField -From $Target -Name 'readers' -Default @())) { @{ Sid = (Get-LbSid -Account $account); Share = 'READ'; Right = 'ReadAndExecute' } }
}

function Invoke-LbSetTarget {
    param([System.Collections.IDictionary]$Change)
    $target = $Change['action']['target']
    $name = Get-LbCheckedName -Name $target['name']
    $path = $target['path']
    if ($path -notmatch '^[A-Za-z]:\\') { throw (Get-LbRefusal -Message ('{0} is no local path.' -f $path) -Advice 'A target is a folder of the computer that keeps it.') }
    $drive = $path.Substring(0, 2)
    $drives = @(foreach ($volume in @(Get-LbVolume)) { $volume['Drive'].ToUpperInvariant() })
    if ($drives -cnotcontains $drive.ToUpperInvariant()) {
        throw (Get-LbRefusal -Message ('there is no volume {0}.' -f $drive) -Advice 'Choose a path on a volume that is there.')
    }
    Assert-LbKnown -Account ($target['writers'] + (Get-LbField -From $target -Name 'readers' -Default @()))
    $noted = Assert-LbTargetOwned -Change $Change -Target $target -Name $name
    Write-LbTarget -Change $Change -Target $target
    $access = @(Get-LbTargetAccess -Target $target)
    Write-LbFolderAccess -Path $path -Entry $access
    Write-LbShare -Target $target -Access $access -Noted $noted
}

# All refusals before anything is touched. Answers with the note that is there of this target; null: there is none.
function Assert-LbTargetOwned {
    param([System.Collections.IDictionary]$Change, [System.Collections.IDictionary]$Target, [string]$Name)
    $path = $Target['path']
    $note = Read-LbNote -Name $Name
    if ($null -ne $note) { Assert-LbOwned -Change $Change -What ('the target ' + $Name) -Found $note['owner'] }
    $isNoted = $null -ne $note -and (Test-LbSamePath -One $note['declaration']['path'] -Other $path)
    $mark = Read-LbMark -Path $path
    if ($null -ne $mark) { Assert-LbOwned -Change $Change -What ('the folder ' + $path) -Found $mark['owner'] }
    elseif (-not $isNoted -and @(Get-LbNameIn -Path $path).Length -gt 0) { Assert-LbOwned -Change $Change -What ('the folder ' + $path) -Found $null }
    foreach ($share in @(Get-LbShare)) {
        $samePath = Test-LbSamePath -One $share['Path'] -Other $path
        $sameName = $null -ne $Target['share'] -and (Test-LbSameText -One $share['Name'] -Other $Target['share'])
        if (-not $samePath -and -not $sameName) { continue }
        if ($isNoted -and ($samePath -or (Test-LbSameText -One $share['Name'] -Other $note['declaration']['share']))) { continue }
        if ($samePath -and $sameName -and (Test-LbShareAccess -Share $share -Access @(Get-LbTargetAccess -Target $Target))) { continue }
        Assert-LbOwned -Change $Change -What ('the share {0} of {1}' -f $share['Name'], $share['Path']) -Found $null
    }
    return $note
}

function Write-LbTarget {
    param([System.Collections.IDictionary]$Change, [System.Collections.IDictionary]$Target)
    $path = $Target['path']
    Add-LbFolder -Path $path
    $mark = Read-LbMark -Path $path
    $madeAt = Get-LbNow
    if ($null -ne $mark -and (Get-LbOwnerText -Owner $mark['owner']) -ceq (Get-LbOwnerText -Owner $Change['owner'])) { $madeAt = $mark['madeAt'] }
    $written = [ordered]@{ document = 'target'; version = 1; owner = $Change['owner']; madeAt = $madeAt; declaration = $Target }
    Write-LbFile -Path (Join-LbPath -Path $path -Child 'target.json') -Text ((ConvertTo-LbJson -Value $written) + "`n")
    $note = [ordered]@{ owner = $Change['owner']; declaration = $Target }
    Write-LbFile -Path (Get-LbNotePath -Name $Target['name']) -Text (ConvertTo-LbJson -Value $note)
}

# A share that is as declared stays; any other of this folder, or of this name, makes way.
function Write-LbShare {
    param([System.Collections.IDictionary]$Target, [object[]]$Access, $Noted)
    $there = $false
    $before = ''
    if ($null -ne $Noted) { $before = [string]$Noted['declaration']['share'] }
    foreach ($share in @(Get-LbShare)) {
        $samePath = Test-LbSamePath -One $share['Path'] -Other $Target['path']
        $sameName = $null -ne $Target['share'] -and (Test-LbSameText -One $share['Name'] -Other $Target['share'])
        if ($samePath -and $sameName -and (Test-LbShareAccess -Share $share -Access $Access)) { $there = $true; continue }
        $isOld = $samePath -and $before.Length -gt 0 -and (Test-LbSameText -One $share['Name'] -Other $before)
        if ($samePath -or $sameName -or $isOld) { Invoke-LbNet -Argument @('share', $share['Name'], '/DELETE', '/Y') }
    }
    if ($null -eq $Target['share'] -or $there) { return }
    $arguments = @('share', ('{0}={1}' -f $Target['share'], $Target['path']))
    foreach ($one in $Access) { $arguments += '/GRANT:{0},{1}' -f (Get-LbAccountName -Sid $one['Sid']), $one['Share'] }
    Invoke-LbNet -Argument ($arguments + @('/UNLIMITED', '/CACHE:None'))
}

function Invoke-LbNet {
    param([string[]]$Argument)
    $ended = Invoke-LbProgram -Name 'net.exe' -Argument $Argument -Execution $null
    if ($ended['ExitCode'] -eq 0) { return }
    $said = ($ended['Problems'] + ' ' + $ended['Output']).Trim()
    throw (Get-LbRefusal -Message ('net {0} ended with the code {1}: {2}' -f $Argument[0], $ended['ExitCode'], $said) -Advice 'Whoever makes shares must be an administrator of this computer.')
}

function Test-LbShareAccess {
    param([hashtable]$Share, [object[]]$Access)
    $found = @(foreach ($one in $Share['Access']) { $one['Sid'] + ' ' + (Get-LbRight -Mask $one['Mask']) })
    $rights = @{ FULL = 'full'; CHANGE = 'change'; READ = 'read' }
    $wanted = @(foreach ($one in $Access) { $one['Sid'] + ' ' + $rights[$one['Share']] })
    return [string]::Join('|', [string[]]@(Get-LbSorted -Text $found)) -ceq [string]::Join('|', [string[]]@(Get-LbSorted -Text $wanted))
}

# In the three words that a target knows, by what the bits of an access mask allow.
function Get-LbRight {
    param([long]$Mask)
    # Writing the owner or the rights themselves; GENERIC_ALL says the same.
    if (($Mask -band 0xC0000) -ne 0 -or ($Mask -band 0x10000000) -ne 0) { return 'full' }
    # Writing, appending, deleting; GENERIC_WRITE.
    if (($Mask -band 0x10006) -ne 0 -or ($Mask -band 0x40000000) -ne 0) { return 'change' }
    return 'read'
}

# The share goes, and the rights, and the note. The folder stays, with its mark and its sets.
function Invoke-LbRemoveTarget {
    param([System.Collections.IDictionary]$Change)
    $name = Get-LbCheckedName -Name $Change['action']['name']
    $note = Read-LbNote -Name $name
    if ($null -eq $note) { return }
    Assert-LbOwned -Change $Change -What ('the target ' + $name) -Found $note['owner']
    $path = $note['declaration']['path']
    # What a colleague shares from elsewhere under its name is not ours to remove.
    foreach ($share in @(Get-LbShare)) {
        if (Test-LbSamePath -One $share['Path'] -Other $path) { Invoke-LbNet -Argument @('share', $share['Name'], '/DELETE', '/Y') }
    }
    if (Test-LbFolder -Path $path) { Clear-LbFolderAccess -Path $path }
    Clear-LbPath -Path (Get-LbNotePath -Name $name)
}

# An operator's word, whoever declared the target: it stands beside the sets, after those given before.
function Invoke-LbAcceptSize {
    param([System.Collections.IDictionary]$Change)
    $action = $Change['action']
    $note = Read-LbNote -Name (Get-LbCheckedName -Name $action['target'])
    if ($null -eq $note) { throw (Get-LbRefusal -Message ('there is no target {0} on this computer.' -f $action['target']) -Advice 'Name the host that has it.') }
    $series = Join-LbPath -Path $note['declaration']['path'] -Child ('series/' + (Get-LbCheckedName -Name $action['series']))
    if (@(Get-LbNameIn -Path (Join-LbPath -Path $series -Child 'sets')).Length -eq 0) {
        throw (Get-LbRefusal -Message ('the target {0} has no sets of {1}.' -f $action['target'], $action['series']) -Advice 'Name a job that has made some there.')
    }
    $file = Join-LbPath -Path $series -Child 'side/accepted.json'
    $before = @()
    if (Test-LbFile -Path $file) { $before = (Read-LbDocument -Path $file -Name 'accepted')['artefacts'] }
    $accepted = [ordered]@{ path = $action['path']; bytes = $action['bytes']; by = $action['by']; at = (Get-LbNow); reason = $action['reason'] }
    $written = [ordered]@{ document = 'accepted'; version = 1; series = $action['series']; artefacts = @($before) + @($accepted) }
    Write-LbFile -Path $file -Text ((ConvertTo-LbJson -Value $written) + "`n")
}

function Set-LyncBackupTarget {
    <#
    .SYNOPSIS
    Makes a target on this computer: its folder with its rights, its share, and the mark at its top.
    .DESCRIPTION
    It can be repeated. A folder, a mark or a share that belongs to somebody else is refused, unless the change says adopt.
    .PARAMETER Json
    The change document, with an action of the kind set-target.
    .EXAMPLE
    Set-LyncBackupTarget -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the target', 'make')) { Invoke-LbSetTarget -Change (ConvertFrom-LbChange -Json $Json -Kind 'set-target') }
}

function Remove-LyncBackupTarget {
    <#
    .SYNOPSIS
    Takes a target out of use: its share and its rights go, the folder stays with all sets.
    .DESCRIPTION
    It can be repeated.
    .PARAMETER Json
    The change document, with an action of the kind remove-target.
    .EXAMPLE
    Remove-LyncBackupTarget -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the target', 'remove')) { Invoke-LbRemoveTarget -Change (ConvertFrom-LbChange -Json $Json -Kind 'remove-target') }
}
