# Everything the interpreter says, in one place, because another one must say the same.
# {0} stands for a value, {0:file} for a number of files.

$script:LbMessages = @{
    guardHolds         = '{0}: yes'
    skipped            = '{0}: skipped, its condition does not hold'
    hasRun             = '{0} has run'
    foundItems         = '{0} found {1:item}'
    checked            = '{0:artefact} opened to the last byte'
    hashed             = '{0:artefact} hashed, {1:byte}'
    published          = '{0:artefact} copied to {1}, read back and compared'
    sealed             = 'the set {0} is sealed, with {1:artefact}'
    retained           = '{0:set} kept, {1:set} removed'
    executedSql        = '{0} has executed {1}'
    executedSqlRows    = '{0} has executed {1}, which found {2:row}'
    forEach            = '{0}: {1} of {2}'
    foundBase          = 'the {0} builds on the set {1}'
    unknownKind        = 'This host does not know the step kind {0}.'
    unknownKindAdvice  = 'Update the module on it, or remove the step.'
    emptyReference     = 'Nothing was found at {0}.'
    notedBefore        = 'Nothing is kept of this run, because steps before have failed: {0}.'
    keptBefore         = 'Nothing old is removed, because steps before have failed: {0}.'
    noFullBase         = 'The series {1} holds no good full backup of the {0} that this one could build on.'
    noBase             = 'The series {1} holds no good backup of the {0} that this one could build on.'
    noBaseAdvice       = 'Run the full backup of this series once.'
    cancelled          = 'The run was cancelled before this: {0}.'
    stepTooLong        = '{0}: it took longer than the {1:minute} that the step may take.'
    runTooLong         = '{0} took longer than the {1:minute} that the job may take.'
    tooLongAdvice      = 'Look what it waited for, or declare a longer limit.'
    madeTwice          = 'Two artefacts of this run would be called {0}.'
    noScope            = 'It is not known what {0} belongs to: {1}.'
    notMade            = '{0} reported no error, and yet there is no {1}.'
    tooManyItems       = '{0} found {1} items, more than a result holds; they must be saved to a file.'
    tooSmall           = '{0} has {1:byte}, and what is whole has at least {2}.'
    doesNotOpen        = '{0} cannot be read to its end as {1}: {2}.'
    shrunk             = '{0} has {1:byte}; in the set {3} it had {2}. So much does not vanish by itself.'
    shrunkAdvice       = 'Look what is missing. If it is right so, accept the new size; the next run then passes.'
    targetGone         = 'The target {0} is not there.'
    targetGoneAdvice   = 'Run pulumi up, which makes it again; sets that were in it are lost here.'
    tooFull            = '{0} has {1:byte} free, too few for {2} more and {3} that are to stay free.'
    tooFullAdvice      = 'Free some space there, or shorten the retention.'
    copyDiffers        = 'The copy of {0} on the target reads back differently.'
    copyDiffersAdvice  = 'Check the disk and the network of the target.'
    nothingMade        = 'No step has made an artefact, so there is nothing to seal.'
    notHashed          = '{0} was not hashed, so it cannot be sealed.'
    missingFromSet     = '{0} is not in the set as it was made, so it cannot be sealed.'
    needsMissing       = 'The set {0} that this one needs is not there any more, so this one could not be restored.'
    needsMissingAdvice = 'The next full backup starts a new chain.'
    unreadableSets     = 'Nothing was removed, because it is not known what all sets need: {0}.'
    unreadableAdvice   = 'Look at these files on the target; a set that is lost can be moved away.'
    anotherSet         = 'it is the manifest of {0}/{1}'
    notSealed          = 'Nothing is removed, because this run has sealed no set.'
    noTarget           = 'The job {0} names no target.'
    copied             = '{0:file} copied, {1} skipped'
    copyFailed         = 'robocopy ended with the code {0}: {1}.'
    copyFailedAdvice   = 'Files that are open are tried again by the next run; if it is the rights, look at the account.'
    copyMissing        = '{0} was to be copied and is not there.'
    mirrorElsewhere    = 'A mirror deletes what the source lacks, so it goes into the mirror folder of the series only.'
    rootGone           = 'The folder {0} is not there.'
    rootGoneAdvice     = 'Look whether its computer and its share can be reached by the account of the job.'
    listed             = '{0:file} listed, {1} new or changed'
    listedAnew         = '{0:file} listed, all to be copied anew'
    notListed          = 'Not all of {0} can be listed: access to {1} is denied.'
    notListedAdvice    = 'Grant it the right to read there, or declare backupMode and make it a member of Backup Operators.'
    waited             = '{0}: after {1:look}'
    waitedInVain       = '{0}: the condition did not hold within the {1:minute} of the step.'
    servicesDone       = '{0}: {1:computer}'
    confirmed          = '{0}: confirmed by {1}'
    notConfirmed       = '{0}: what was typed is not what was asked for.'
    notAnswered        = '{0}: nobody has answered.'
    notAnsweredAdvice  = 'What asks a person is started by hand.'
    observed           = 'looked at the {0}'
    observedAt         = 'looked at the {0} of {1}'
    noPath             = 'To look at {0}, a path is needed.'
    noFolder           = 'There is no folder {0}.'
    noClock            = 'The clock of {0} cannot be asked.'
    verified           = 'the set {0} is {1}: {2:artefact}'
    setDamaged         = 'The set {0} is not as it was sealed: {1}.'
    setDamagedAdvice   = 'Restore from another set, or fetch this one from offsite.'
    missing            = 'it is not there'
    otherSize          = 'it has {0:byte}, and {1} were sealed'
    otherHash          = 'its bytes are not those that were sealed'
    noSet              = 'The series {1} holds no set {0}.'
    noSetAdvice        = 'Look which sets there are, or fetch it from offsite.'
    nothingListed      = 'The set {0} is none of a file store: it has no listing.'
    notInSet           = 'The listing of the set {1} has nothing at {0}.'
    assembled          = '{0:file} put back into {2}, {1:byte}'
    noRoom             = 'There is not enough space for {0:byte} at {1}.'
    noCourier          = 'This computer has no courier: carrying sets offsite needs lync-backup itself, with Node.js.'
    noCourierAdvice    = 'Run it on a computer where lync-backup is installed, and note there where it is: lync-backup offsite install'
    noKey              = '{1} has no credentials by the name of {0}.'
    noKeyAdvice        = 'Put them into its folder for credentials, for the account of the job alone to read.'
    notAllOffsite      = 'Not everything is offsite as it should be: {0}'
    courierEnded       = 'The courier ended with {0} and left no answer: {1}'
    courierEndedAdvice = 'Try node --version and lync-backup on that computer under the account of the job, and note with lync-backup offsite install where they are.'
    notAllowed         = '{0} is no cmdlet that a {1} may call.'
    notACmdlet         = '{0} is no cmdlet of Lync.'
    noCmdlet           = "The term '{0}' is not recognized as the name of a cmdlet on {1}."
    noCmdletAdvice     = 'Its Lync release does not have it, or the management tools are not installed there.'
}

function Get-LbMessage {
    param([string]$Name, [object[]]$With = @())
    $template = $script:LbMessages[$Name]
    if ($null -eq $template) { throw "There is no message $Name." }
    $text = New-Object -TypeName System.Text.StringBuilder
    $at = 0
    foreach ($match in [regex]::Matches($template, '\{([0-9])(?::([a-z]+))?\}')) {
        [void]$text.Append($template.Substring($at, $match.Index - $at))
        $at = $match.Index + $match.Length
        $value = Get-LbText -Value ($With[[int]$match.Groups[1].Value])
        if ($match.Groups[2].Success) { $value = Get-LbMany -Count $value -What $match.Groups[2].Value }
        [void]$text.Append($value)
    }
    return $text.Append($template.Substring($at)).ToString()
}

function Get-LbMany {
    param([string]$Count, [string]$What)
    if ($Count -ceq '1') { return $Count + ' ' + $What }
    return $Count + ' ' + $What + 's'
}

# A failure in the words of the table.
function Get-LbStepFailure {
    param([string]$Code, [string]$Say, [object[]]$With = @(), [string]$Advise = '')
    $advice = ''
    if ($Advise.Length -gt 0) { $advice = Get-LbMessage -Name $Advise }
    return Get-LbFailure -Code $Code -Message (Get-LbMessage -Name $Say -With $With) -Advice $advice
}
