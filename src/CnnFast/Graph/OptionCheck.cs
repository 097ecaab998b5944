namespace CnnFast.Graphs;

/// <summary>Checks of a layer's options, with the sentence that users read.</summary>
internal static class OptionCheck
{
    /// <summary>Throws unless a number is at least a bound.</summary>
    public static void AtLeast(string who, string option, int value, int minimum)
    {
        if (value < minimum)
            throw new ArgumentOutOfRangeException(option, $"{who}: {option} is {value}; expected at least {minimum}.");
    }

    /// <summary>Throws unless a number is finite.</summary>
    public static void Finite(string who, string option, float value)
    {
        if (!float.IsFinite(value))
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{who}: {option} is {value}; expected a finite number."));
    }

    /// <summary>Throws unless a number is finite and at least a bound.</summary>
    public static void FiniteAtLeast(string who, string option, float value, float minimum)
    {
        if (!(float.IsFinite(value) && value >= minimum))
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{who}: {option} is {value}; expected a finite number of at least {minimum}."));
    }

    /// <summary>Throws unless a number is at least 0 and below a bound.</summary>
    public static void FromZeroBelow(string who, string option, float value, float bound)
    {
        if (!(value >= 0 && value < bound))
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{who}: {option} is {value}; expected at least 0 and below {bound}."));
    }

    /// <summary>Throws unless a number is finite and above 0.</summary>
    public static void AboveZero(string who, string option, float value)
    {
        if (!(value > 0 && float.IsFinite(value)))
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{who}: {option} is {value}; expected a finite number above 0."));
    }

    /// <summary>Throws unless an activation is one that exists.</summary>
    public static void Defined(string who, Activation activation)
    {
        if (!Enum.IsDefined(activation))
            throw new ArgumentOutOfRangeException(nameof(activation),
                $"{who}: activation is {(int)activation}; expected one of {string.Join(", ", Enum.GetNames<Activation>())}.");
    }

    /// <summary>Throws unless an interpolation is one that exists.</summary>
    public static void Defined(string who, Interpolation interpolation)
    {
        if (!Enum.IsDefined(interpolation))
            throw new ArgumentOutOfRangeException(nameof(interpolation),
                $"{who}: interpolation is {(int)interpolation}; expected one of {string.Join(", ", Enum.GetNames<Interpolation>())}.");
    }

    /// <summary>Throws unless a precision is one that exists.</summary>
    public static void Defined(string who, WeightPrecision precision)
    {
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision),
                $"{who}: WeightPrecision is {(int)precision}; expected one of {string.Join(", ", Enum.GetNames<WeightPrecision>())}.");
    }

    /// <summary>Throws unless an algorithm is one that exists.</summary>
    public static void Defined(string who, ConvAlgorithm algorithm)
    {
        if (!Enum.IsDefined(algorithm))
            throw new ArgumentOutOfRangeException(nameof(algorithm),
                $"{who}: ConvAlgorithm is {(int)algorithm}; expected one of {string.Join(", ", Enum.GetNames<ConvAlgorithm>())}.");
    }
}
