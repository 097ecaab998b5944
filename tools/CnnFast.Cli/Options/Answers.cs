using CnnFast.DigitPictures;

namespace CnnFast.Cli;

/// <summary>What the numbers of a model's output mean.</summary>
internal enum Answers
{
    /// <summary>The probability of each class, which sum to 1.</summary>
    Classes,

    /// <summary>The probability of each of several labels, each for itself.</summary>
    Labels,

    /// <summary>Numbers.</summary>
    Values,
}

/// <summary>What the numbers of a model's output mean, from its end.</summary>
internal static class AnswersOf
{
    private const int DigitClasses = 10;

    /// <summary>
    /// Logits are those of a model that names classes, or has ten outputs for a grey picture; other numbers without an activation are
    /// taken as what they are.
    /// </summary>
    public static Answers Model(Model model) => model.OutputActivation switch
    {
        "Softmax" or "LogSoftmax" => Answers.Classes,
        "Sigmoid" => Answers.Labels,
        _ when model.ClassNames is not null || (DigitClassifier.Fits(model) && model.OutputShape[0] == DigitClasses) => Answers.Classes,
        _ => Answers.Values,
    };
}
