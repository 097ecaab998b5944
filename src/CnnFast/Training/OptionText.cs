using System.Collections;
using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>Objects with their options as texts, in the form that records have; numbers do not depend on the culture.</summary>
internal static class OptionText
{
    /// <summary>The type and its options, such as <c>Sgd { LearningRate = 0.1 }</c>.</summary>
    public static string Of(object of, params ReadOnlySpan<(string Name, object? Value)> options)
    {
        var texts = new List<string>(options.Length);
        foreach ((string name, object? value) in options)
            texts.Add($"{name} = {TextOf(value)}");
        return texts.Count == 0 ? of.GetType().Name : $"{of.GetType().Name} {{ {string.Join(", ", texts)} }}";
    }

    /// <summary>A value: of types of users their name, and where they are records their properties.</summary>
    public static string TextOf(object? value)
    {
        switch (value)
        {
            case null:
                return "none";
            case string text:
                return text;
            case IFormattable number:
                return number.ToString(null, CultureInfo.InvariantCulture);
            case Normalization normalization:
                return normalization.ToString();
            case Augmentation augmentation:
                return $"{TextOf(augmentation.Transforms)}, OutsideLabel = {TextOf(augmentation.OutsideLabel)}";
            case RandomApply some:
                return $"RandomApply {{ Probability = {TextOf(some.Probability)}, Transforms = {TextOf(some.Transforms)} }}";
            case IEnumerable list:
                return $"[{string.Join(", ", list.Cast<object?>().Select(TextOf))}]";
        }

        Type type = value.GetType();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            string text = value.ToString() ?? "";
            bool isOwn = type.Assembly == typeof(OptionText).Assembly || type.IsPrimitive;
            return isOwn || text.StartsWith($"{type.Name} {{", StringComparison.Ordinal) ? text : type.FullName ?? type.Name;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
