namespace CnnFast.Tests.Verification;

/// <summary>What is wrong with a <see cref="WrongOperation"/>.</summary>
public enum WrongGradient
{
    /// <summary>One element of the output.</summary>
    Forward,

    /// <summary>One element of the gradient.</summary>
    Backward,

    /// <summary>Nothing, but it has no reference.</summary>
    Reference,
}
