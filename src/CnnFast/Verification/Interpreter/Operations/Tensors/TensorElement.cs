namespace CnnFast.Verification;

/// <summary>An element of the output of an operation on tensors, and how it changes with elements of the inputs.</summary>
internal sealed class TensorElement
{
    private readonly List<(int Input, int Place, double Slope)> _slopes = [];

    /// <summary>The element.</summary>
    public double Value { get; private set; }

    /// <summary>Of the elements that it changes with: the input, the place there, the slope.</summary>
    public IReadOnlyList<(int Input, int Place, double Slope)> Slopes => _slopes;

    /// <summary>Starts another element.</summary>
    public TensorElement Be(double value)
    {
        _slopes.Clear();
        Value = value;
        return this;
    }

    /// <summary>Notes a slope.</summary>
    public TensorElement With(int input, int place, double slope)
    {
        _slopes.Add((input, place, slope));
        return this;
    }
}
