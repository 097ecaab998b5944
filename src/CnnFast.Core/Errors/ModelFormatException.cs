namespace CnnFast;

/// <summary>
/// What is wrong with an architecture, without the name of the file: the reader of the file adds it and throws a
/// <see cref="DataFormatException"/>. Never leaves the library.
/// </summary>
internal sealed class ModelFormatException(string message) : Exception(message);
