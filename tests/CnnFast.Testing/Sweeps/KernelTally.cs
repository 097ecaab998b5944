using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Collects the cases of one kernel into a <see cref="KernelReport"/>. Not thread-safe.</summary>
/// <param name="family">The list that the kernel is in.</param>
/// <param name="kernel">The kernel's name.</param>
/// <param name="isa">The tier that it is written for.</param>
public sealed class KernelTally(string family, string kernel, IsaLevel isa)
{
    private readonly List<string> _failures = [];
    private int _cases;
    private double _worstError;
    private string _worstCase = "";

    /// <summary>Adds a case by its error; one outside its bound is a failure.</summary>
    /// <param name="name">The case, with its sizes.</param>
    /// <param name="error">Its worst element.</param>
    public void Add(string name, ErrorMeasure error)
    {
        _cases++;
        if (error.Worst > _worstError || _worstCase.Length == 0)
        {
            _worstError = error.Worst;
            _worstCase = $"{name}: {error.Description}";
        }

        if (!error.Holds)
            _failures.Add($"{name}: {error.Description}");
    }

    /// <summary>Adds a case that failed otherwise than by its error: it threw, or wrote where it must not.</summary>
    /// <param name="name">The case, with its sizes.</param>
    /// <param name="reason">What went wrong, in figures.</param>
    public void Fail(string name, string reason)
    {
        _cases++;
        _worstError = double.PositiveInfinity;
        _worstCase = $"{name}: {reason}";
        _failures.Add(_worstCase);
    }

    /// <summary>The report of all cases so far.</summary>
    /// <returns>The report.</returns>
    public KernelReport ToReport() => new(family, kernel, isa, _cases, _worstError, _worstCase, [.. _failures]);
}
