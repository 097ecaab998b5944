namespace CnnFast.Cli;

/// <summary>What the process returns to the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The job failed, was stopped, or a check did not hold.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or bad input.</summary>
    public const int BadInput = 2;
}
