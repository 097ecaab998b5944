using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Seconds that an engine takes from a model's file to its first result.</summary>
/// <param name="Cold">As the first thing that a process does, its runtime and libraries still unread.</param>
/// <param name="Best">The fastest time in a warm process.</param>
/// <param name="Median">The middle time in a warm process.</param>
internal sealed record StartTime(double Cold, double Best, double Median)
{
    /// <summary>Best and median, and the cold time, in milliseconds.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Best * 1e3:0.00}/{Median * 1e3:0.00} warm, {Cold * 1e3:0.0} cold");
}
