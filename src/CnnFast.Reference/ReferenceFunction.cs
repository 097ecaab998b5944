namespace CnnFast.Reference;

/// <summary>A function of single elements in double, forward and backward, with what its rounding errors are bounded by.</summary>
/// <param name="Name">The name of the function, such as <c>SiLU</c>.</param>
/// <param name="Forward">y = f(x).</param>
/// <param name="Backward">dx = f′(x)·dy: x, dy, dx.</param>
/// <param name="Slope">The largest |f′|.</param>
/// <param name="Curvature">The largest |f″|, and of the change of f′ with a rounding of y; 0 where f is piecewise linear.</param>
/// <param name="ThirdDerivative">The largest |f‴|; 0 where f is piecewise linear.</param>
internal sealed record ReferenceFunction(
    string Name,
    Action<ReferenceFunction, double[], double[]> Forward,
    Action<ReferenceFunction, double[], double[], double[]> Backward,
    double Slope,
    double Curvature,
    double ThirdDerivative)
{
    /// <summary>The first constant.</summary>
    public float Alpha { get; init; }

    /// <summary>The second constant.</summary>
    public float Beta { get; init; }

    /// <summary>Where the derivative jumps; none where it does not.</summary>
    public Func<ReferenceFunction, double[]>? Kinks { get; init; }

    /// <summary>Whether slope and curvature are those of an <see cref="Alpha"/> up to 1 and grow with it from there.</summary>
    public bool GrowsWithAlpha { get; init; }

    /// <summary>The largest |f′| with these constants.</summary>
    public double LargestSlope => Slope * Growth;

    /// <summary>The largest |f″| with these constants.</summary>
    public double LargestCurvature => Curvature * Growth;

    /// <summary>Whether kernels give the reference's result and gradient rounded once.</summary>
    public bool IsExact { get; init; }

    /// <summary>What the rounding of f(x) is measured by, where that is not |f(x)|: the sum of the absolute terms.</summary>
    public Func<ReferenceFunction, double, double>? Terms { get; init; }

    /// <summary>The derivative from the result y, where kernels compute it from that and not from x.</summary>
    public Func<ReferenceFunction, double, double>? SlopeAtResult { get; init; }

    /// <summary>What the rounding of f′(x) is measured by, where that is not |f′(x)|: the sum of the absolute terms.</summary>
    public Func<double, double>? SlopeTerms { get; init; }

    /// <summary>y = f(x); y may be x.</summary>
    public void Apply(double[] x, double[] y) => Forward(this, x, y);

    /// <summary>dx = f′(x)·dy; dx may be dy.</summary>
    public void ApplyGradient(double[] x, double[] dy, double[] dx) => Backward(this, x, dy, dx);

    /// <summary>The gradient as kernels are asked for it: from x, or from the y that they get where the result tells the
    /// derivative.</summary>
    public double[] Gradient(double[] value, double[] dy)
    {
        var dx = new double[dy.Length];
        if (SlopeAtResult is null)
            ApplyGradient(value, dy, dx);
        else
            dx = [.. value.Zip(dy, (y, d) => d * SlopeAtResult(this, y))];
        return dx;
    }

    /// <summary>Whether the derivative jumps within a distance of x.</summary>
    public bool HasKinkNear(double x, double distance) =>
        Kinks is not null && Array.Exists(Kinks(this), kink => Math.Abs(x - kink) <= distance);

    private double Growth => GrowsWithAlpha ? Math.Max(1, Math.Abs(Alpha)) : 1;
}
