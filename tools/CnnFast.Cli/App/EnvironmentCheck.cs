namespace CnnFast.Cli;

/// <summary>Reads the environment variables of the library once, before a command starts, so that a wrong one is bad input.</summary>
internal static class EnvironmentCheck
{
    public static void ThrowIfWrong()
    {
        try
        {
            _ = CpuInfo.Isa;
            _ = CpuInfo.DefaultThreads;
        }
        catch (InvalidOperationException exception)
        {
            throw new InputException(exception.Message, exception);
        }
    }
}
