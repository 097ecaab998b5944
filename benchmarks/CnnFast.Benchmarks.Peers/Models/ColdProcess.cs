using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Runs commands of this program in processes of their own, each of which prints one figure of what it did first.</summary>
internal static class ColdProcess
{
    private const int Runs = 3;

    /// <summary>The fastest of a few processes, in seconds.</summary>
    public static double Measure(params string[] arguments) => Enumerable.Range(0, Runs).Min(_ => MeasureOnce(arguments));

    /// <summary>The figure of one process; NaN where it prints none.</summary>
    public static double MeasureOnce(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ColdProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure) ? figure : double.NaN;
    }
}
