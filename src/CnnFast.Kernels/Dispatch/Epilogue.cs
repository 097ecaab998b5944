namespace CnnFast.Kernels;

/// <summary>
/// What an operator does to its sums before it stores them: an <see cref="EpilogueKind"/> with its numbers. The cheap and frequent ones (<see cref="IsFused"/>)
/// run in registers; for the others the operator stores the sums and sends each block through an elementwise kernel while it is in cache.
/// </summary>
/// <param name="Kind">The function.</param>
/// <param name="Alpha">Lower bound of <see cref="EpilogueKind.Clip"/>, slope of <see cref="EpilogueKind.LeakyReLU"/>, <see cref="EpilogueKind.FlooredLeakyReLU"/> and <see cref="EpilogueKind.HardSigmoid"/>.</param>
/// <param name="Beta">Upper bound of <see cref="EpilogueKind.Clip"/>, lower one of <see cref="EpilogueKind.FlooredLeakyReLU"/>, what <see cref="EpilogueKind.HardSigmoid"/> adds.</param>
internal readonly record struct Epilogue(EpilogueKind Kind, float Alpha = 0, float Beta = 0)
{
    /// <summary>Whether kernels apply it in registers.</summary>
    public bool IsFused => Kind <= EpilogueKind.ReLU6;

    /// <summary>Whether there are kernels for its gradient; the others stand in compiled and imported graphs alone.</summary>
    public bool HasGradient => Kind <= EpilogueKind.Tanh;

    /// <summary>What is left to the kernel: itself when fused, else the identity.</summary>
    public EpilogueKind InRegisters => IsFused ? Kind : EpilogueKind.None;

    /// <summary>Whether the derivative is computed from the argument; that of the others follows from the result.</summary>
    public bool GradientNeedsInput => Kind is EpilogueKind.SiLU or EpilogueKind.HardSwish;

    public static implicit operator Epilogue(Activation activation) => activation switch
    {
        Activation.None => default,
        Activation.ReLU => new Epilogue(EpilogueKind.ReLU),
        Activation.ReLU6 => new Epilogue(EpilogueKind.ReLU6),
        Activation.SiLU => new Epilogue(EpilogueKind.SiLU),
        Activation.HardSwish => new Epilogue(EpilogueKind.HardSwish),
        Activation.Sigmoid => new Epilogue(EpilogueKind.Sigmoid),
        Activation.Tanh => new Epilogue(EpilogueKind.Tanh),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no epilogue for this activation."),
    };
}
