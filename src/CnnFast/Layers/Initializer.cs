using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// How the values of a parameter start. Random ones depend on the seed of the model and the position of the parameter in it alone; the
/// same bits on every machine. Fan-in is the number of inputs that one output reads (KH·KW·C/groups), fan-out the taps times the output
/// channels; layers that Keras counts otherwise say so.
/// </summary>
public abstract class Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>All zero.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>Normal with standard deviation √(2 / fan-in), for layers before a ReLU or one of its relatives (He et al. 2015).</summary>
    public static Initializer HeNormal { get; } = new NormalInitializer(info => Math.Sqrt(2.0 / info.FanIn));

    /// <summary>Uniform within ±√(6 / fan-in) (He et al. 2015).</summary>
    public static Initializer HeUniform { get; } = new UniformInitializer(info => Math.Sqrt(6.0 / info.FanIn));

    /// <summary>Normal with standard deviation √(2 / (fan-in + fan-out)) (Glorot and Bengio 2010).</summary>
    public static Initializer GlorotNormal { get; } = new NormalInitializer(info => Math.Sqrt(2.0 / ((double)info.FanIn + info.FanOut)));

    /// <summary>Uniform within ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010).</summary>
    public static Initializer GlorotUniform { get; } = new UniformInitializer(info => Math.Sqrt(6.0 / ((double)info.FanIn + info.FanOut)));

    /// <summary>Every element the same.</summary>
    /// <param name="value">The element; finite.</param>
    /// <returns>The initialiser.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public static Initializer Constant(float value) => float.IsFinite(value)
        ? new ConstantInitializer(value)
        : throw new ArgumentOutOfRangeException(nameof(value), $"Initializer: the constant is {value}; expected a finite number.");

    /// <summary>Normal with mean 0 and a given standard deviation.</summary>
    /// <param name="standardDeviation">The standard deviation: finite, at least 0.</param>
    /// <returns>The initialiser.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="standardDeviation"/> is negative or not finite.</exception>
    public static Initializer ScaledNormal(float standardDeviation) => float.IsFinite(standardDeviation) && standardDeviation >= 0
        ? new NormalInitializer(_ => standardDeviation)
        : throw new ArgumentOutOfRangeException(nameof(standardDeviation),
            $"Initializer: the standard deviation is {standardDeviation}; expected a finite number of at least 0.");

    internal abstract void Fill(ParameterInfo info, ref SeededRandom random, Span<float> values);
}
