using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>How far the memory of the process rises above what it was. Linux only.</summary>
internal sealed class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";
    private const string Status = "/proc/self/status";

    private readonly double _before = Read("VmRSS:");

    /// <summary>Starts anew from what the process holds now.</summary>
    public PeakMemory()
    {
        try
        {
            File.WriteAllText(Reset, "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _before = double.NaN;
        }
    }

    /// <summary>Megabytes by which the process was larger at its largest; NaN where the system does not say.</summary>
    public double Megabytes => Read("VmHWM:") - _before;

    private static double Read(string name)
    {
        if (!File.Exists(Status))
            return double.NaN;
        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? double.NaN
            : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024e-6;
    }
}
