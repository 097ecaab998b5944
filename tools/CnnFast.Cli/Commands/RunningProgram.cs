using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CnnFast.Cli;

/// <summary>What this program is and how well it can run here, as <c>info</c> says it.</summary>
internal static class RunningProgram
{
    /// <summary>The version.</summary>
    public static string Version { get; } =
        typeof(RunningProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>How its code was made: <c>JIT</c> while it runs, or <c>AOT</c>, ahead of time.</summary>
    public static string Compilation => RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "AOT";

    /// <summary>One sentence: whether everything that the processor has is used, and else what limits it.</summary>
    /// <param name="best">The best tier that can run here.</param>
    /// <param name="isa">The tier that is used.</param>
    /// <param name="threads">The threads that are used by default.</param>
    /// <param name="processors">The processors that this process may use.</param>
    /// <param name="notice">What the library has to say about how it was compiled; null for nothing.</param>
    public static string Verdict(IsaLevel best, IsaLevel isa, int threads, int processors, string? notice)
    {
        var limits = new List<string>();
        if (notice is not null)
            limits.Add("the program was compiled ahead of time without vectors that the processor has (see Notice)");
        if (isa != best)
            limits.Add($"{CpuInfo.IsaVariable} keeps it to {isa}, and {best} can run here");
        if (threads < processors)
            limits.Add(string.Create(CultureInfo.InvariantCulture, $"it takes {threads} of {processors} processors by default"));
        return limits.Count == 0
            ? $"Everything is used: the kernels of {isa} on {processors} {(processors == 1 ? "processor" : "processors")}."
            : $"Slower than it could be: {string.Join("; ", limits)}.";
    }
}
