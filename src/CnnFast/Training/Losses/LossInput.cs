namespace CnnFast.Training;

/// <summary>Which value of a model a loss reads.</summary>
public enum LossInput
{
    /// <summary>The output as it is.</summary>
    Output,

    /// <summary>What goes into the Softmax at the end of the model; the output of a model that ends without an activation.</summary>
    SoftmaxLogits,

    /// <summary>What goes into the Sigmoid at the end of the model; the output of a model that ends without an activation.</summary>
    SigmoidLogits,

    /// <summary>The output of a model that ends in LogSoftmax.</summary>
    LogProbabilities,
}
