@{
    RootModule        = 'LyncBackup.psm1'
    ModuleVersion     = '0.1.0'
    GUID              = '6d9d7c1e-3b0c-4d5e-9a44-6a2f0d7b51c2'
    Author            = 'The lync-backup authors'
    CompanyName       = 'The lync-backup authors'
    Copyright         = '(c) 2026 The lync-backup authors. MIT License.'
    Description       = 'Lives on hosts: runs the job documents of lync-backup and tells what it manages.'
    PowerShellVersion = '3.0'
    FunctionsToExport = @(
        'Get-LyncBackupAgent',
        'Get-LyncBackupState',
        'Get-LyncBackupRun',
        'Get-LyncBackupSet',
        'Test-LyncBackupSet',
        'Invoke-LyncBackupJob',
        'Invoke-LyncBackupCall',
        'Set-LyncBackupAgent',
        'Remove-LyncBackupAgent',
        'Set-LyncBackupJob',
        'Remove-LyncBackupJob',
        'Set-LyncBackupTarget',
        'Remove-LyncBackupTarget',
        'Start-LyncBackupRun',
        'Stop-LyncBackupRun'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
